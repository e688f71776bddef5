import { randomBytes } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { beforeEach, expect, test } from 'vitest'
import { webhookEndpoints } from '#db/schema/webhook-endpoints.ts'
import { buildStore, buildUser, buildWebhookDelivery, buildWebhookEndpoint } from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { readNetworks } from '../http/networks.ts'
import { readKeyring } from '../process/keyring.ts'
import { deliverWebhook } from '../webhooks/delivery/deliver.ts'
import { startTestReceiver } from '../webhooks/delivery/test-receiver.ts'
import { createWebhookSecret } from '../webhooks/secret.ts'
import { encrypt } from './encryption.ts'
import { reencrypt } from './reencrypt.ts'
import { testKeys, testKeysText } from './test-keyring.ts'

const { db, owner } = prepareTestDatabase()
const next = `next:${randomBytes(32).toString('base64')}`
const [onlyNew, both] = [readKeyring(next), readKeyring(`${next},${testKeysText}`)]
const networks = readNetworks('127.0.0.0/8')

let of: { storeId: string; createdBy: string }
beforeEach(async () => {
  await owner.$client.query('truncate webhook_endpoints cascade')
  of = { storeId: (await buildStore(owner)).id, createdBy: (await buildUser(owner)).id }
})

test('a webhook is signed with the secret that its receiver knows after its key was changed and taken away', async () => {
  const receiver = await startTestReceiver()
  const [id, secret] = [uuidv7(), createWebhookSecret()]
  const encryptedSecret = encrypt(testKeys, secret, id)
  await buildWebhookEndpoint(owner, { ...of, id, url: receiver.url, encryptedSecret })
  expect(await reencrypt({ db, keys: onlyNew })).toEqual({ done: 0, unreadable: 1 })
  expect(await reencrypt({ db, keys: both })).toEqual({ done: 1, unreadable: 0 })
  const { id: deliveryId } = await buildWebhookDelivery(owner, { endpointId: id })
  await deliverWebhook(deliveryId, { db, keys: onlyNew, networks })
  const [webhook] = receiver.received
  expect(webhook && receiver.verify(secret, webhook)).toMatchObject({ type: 'token.revoked' })
  await receiver.stop()
})

test('however many there are, all are encrypted anew but those that cannot be read, which stay as they are', async () => {
  const rows = Array.from({ length: 1_001 }, (_, n) => {
    const id = uuidv7()
    const secret = n === 0 ? 'lost.with.its-key' : encrypt(testKeys, createWebhookSecret(), id)
    const url = 'https://receiver.example/'
    return { ...of, id, url, encryptedSecret: secret, kinds: ['token.revoked'], createdAt: new Date() }
  })
  await owner.insert(webhookEndpoints).values(rows)
  expect(await reencrypt({ db, keys: both })).toEqual({ done: 1_000, unreadable: 1 })
  const kept = await db.select({ sealed: webhookEndpoints.encryptedSecret }).from(webhookEndpoints)
  const keyNames = kept.map(({ sealed }) => sealed.split('.')[0])
  expect([keyNames.filter((name) => name === 'next').length, keyNames.indexOf('tests')]).toEqual([1_000, -1])
  expect(kept).toContainEqual({ sealed: 'lost.with.its-key' })
})
