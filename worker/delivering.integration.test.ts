import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eq } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import { expect, test } from 'vitest'
import { webhookDeliveries } from '#db/schema/webhook-deliveries.ts'
import { encrypt } from '#lib/encryption/encryption.ts'
import { testKeys } from '#lib/encryption/test-keyring.ts'
import { readNetworks } from '#lib/http/networks.ts'
import { log } from '#lib/process/log.ts'
import { startTestReceiver } from '#lib/webhooks/delivery/test-receiver.ts'
import { createWebhookSecret } from '#lib/webhooks/secret.ts'
import { buildStore, buildUser, buildWebhookDelivery, buildWebhookEndpoint } from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { startWorker } from './worker.ts'

const { db, owner } = prepareTestDatabase()

test('a store whose receivers all hang is waited for by four deliveries at once: another store is notified meanwhile', async () => {
  let waiting = 0
  let mostWaiting = 0
  const hanging = createServer((request) => {
    waiting += 1
    mostWaiting = Math.max(mostWaiting, waiting)
    request.on('close', () => {
      waiting -= 1
    })
  })
  await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve))
  const hangingUrl = `http://127.0.0.1:${(hanging.address() as AddressInfo).port}/`
  const receiver = await startTestReceiver()
  const { id: createdBy } = await buildUser(owner)
  const [slow, quick] = [await buildStore(owner), await buildStore(owner)]
  const addEndpoint = async (storeId: string, url: string) => {
    const id = uuidv7()
    const encryptedSecret = encrypt(testKeys, createWebhookSecret(), id)
    return buildWebhookEndpoint(owner, { id, url, encryptedSecret, storeId, createdBy })
  }
  for (let n = 0; n < 3; n++) {
    const { id: endpointId } = await addEndpoint(slow.id, hangingUrl)
    for (let k = 0; k < 10; k++) await buildWebhookDelivery(owner, { endpointId })
  }
  const { id: endpointId } = await addEndpoint(quick.id, receiver.url)
  const worker = await startWorker({
    ...{
      db,
      strictDb: db,
      booksDb: db,
      log,
      keys: testKeys,
      mailer: null,
      sentBody: 'emptied',
      networks: readNetworks('127.0.0.0/8'),
    },
    baseUrl: 'https://tokens.example',
    secret: 'x'.repeat(40),
  })
  await expect.poll(() => waiting, { timeout: 10_000 }).toBeGreaterThanOrEqual(4)
  const { id } = await buildWebhookDelivery(owner, { endpointId })
  const stateOf = async () =>
    (await db.select().from(webhookDeliveries).where(eq(webhookDeliveries.id, id)))[0]?.state
  await expect.poll(stateOf, { timeout: 30_000 }).toBe('delivered')
  expect(mostWaiting).toBe(4)
  hanging.closeAllConnections()
  await worker.stop(5_000)
  hanging.close()
  await receiver.stop()
}, 60_000)
