import { asc, eq } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import { beforeAll, expect, test } from 'vitest'
import { webhookDeliveries } from '#db/schema/webhook-deliveries.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildStore,
  buildUser,
  buildWebhookDelivery,
  buildWebhookEndpoint,
  type PartnerRow,
  type StoreRow,
  type UserRow,
} from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { Actor, Role } from '../access/actor.ts'
import { encrypt } from '../encryption/encryption.ts'
import { testKeys } from '../encryption/test-keyring.ts'
import { readNetworks } from '../http/networks.ts'
import { deliverWebhook } from './delivery/deliver.ts'
import { startTestReceiver } from './delivery/test-receiver.ts'
import { readDeliveryLog } from './list.ts'
import { createWebhookSecret } from './secret.ts'
import { sendTestEvent } from './send-test.ts'
import { switchEndpoint } from './switch.ts'

const { db, owner } = prepareTestDatabase()
const tools = { db, address: '192.0.2.7' }
const secret = createWebhookSecret()

let user: UserRow
let store: StoreRow
let partner: PartnerRow
beforeAll(async () => {
  user = await buildUser(owner)
  store = await buildStore(owner)
  partner = await buildPartner(owner)
  await addStoreMember(owner, { store, user })
  await addPartnerMember(owner, { partner, user })
})

const merchant = (role: Role = 'owner', storeId = store.id): Actor => ({
  ...{ side: 'merchant', role, storeId, userId: user.id, userName: user.name },
})
const partnersOwn = (): Actor => ({
  ...{ side: 'partner', role: 'administrator', partnerId: partner.id, userId: user.id, userName: user.name },
})

async function addEndpoint({ side, url = 'https://receiver.example/' }: { side: string; url?: string }) {
  const id = uuidv7()
  await buildWebhookEndpoint(owner, {
    ...{ id, url, encryptedSecret: encrypt(testKeys, secret, id), createdBy: user.id },
    ...(side === 'merchant' ? { storeId: store.id } : { partnerId: partner.id }),
  })
  return id
}

const deliveriesOf = (endpointId: string) =>
  db
    .select()
    .from(webhookDeliveries)
    .where(eq(webhookDeliveries.endpointId, endpointId))
    .orderBy(asc(webhookDeliveries.id))

for (const side of ['merchant', 'partner'] as const) {
  test(`a test event of a ${side} reaches the program signed, in the form of all others, and stands in the log`, async () => {
    const receiver = await startTestReceiver()
    const endpointId = await addEndpoint({ side, url: receiver.url })
    const actor = side === 'merchant' ? merchant() : partnersOwn()
    const sent = await sendTestEvent(actor, { endpointId }, tools)
    if (!sent.ok) throw new Error(JSON.stringify(sent.refusal))
    const { deliveryId } = sent.value
    await deliverWebhook(deliveryId, { db, keys: testKeys, networks: readNetworks('127.0.0.0/8') })
    const [webhook, ...more] = receiver.received
    if (!webhook) throw new Error('nothing came in')
    expect(more).toEqual([])
    expect(webhook.id).toBe(deliveryId)
    expect(receiver.verify(secret, webhook)).toEqual({
      type: 'webhook.test',
      timestamp: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/),
      data: {
        ...{ tokenId: null, lastCharacters: null, expiresAt: null, by: side },
        storeId: side === 'merchant' ? store.id : null,
        partnerId: side === 'partner' ? partner.id : null,
      },
    })
    const log = await readDeliveryLog(actor, { endpointId }, { db })
    expect(log?.deliveries).toMatchObject([
      { id: deliveryId, kind: 'webhook.test', state: 'delivered', attempts: [{ status: 204 }] },
    ])
    const { rows } = await owner.$client.query(
      `select store_id, partner_id, user_id, host(address::inet) as address, details from audit_events
       where details->>'deliveryId' = $1`,
      [deliveryId],
    )
    expect(rows).toMatchObject([
      { user_id: user.id, address: '192.0.2.7', details: { change: 'tested', endpointId } },
    ])
    await receiver.stop()
  })
}

test('viewers, other stores and partners send nothing, and a disabled endpoint is sent nothing', async () => {
  const endpointId = await addEndpoint({ side: 'merchant' })
  const elsewhere = merchant('owner', (await buildStore(owner)).id)
  for (const [actor, refusal] of [
    [merchant('viewer'), 'not-allowed'],
    [elsewhere, 'not-found'],
    [partnersOwn(), 'not-found'],
  ] as const) {
    expect(await sendTestEvent(actor, { endpointId }, tools)).toEqual({ ok: false, refusal })
  }
  await switchEndpoint(merchant(), { endpointId, to: 'disabled' }, tools)
  expect(await sendTestEvent(merchant(), { endpointId }, tools)).toEqual({ ok: false, refusal: 'disabled' })
  expect(await deliveriesOf(endpointId)).toEqual([])
})

test('five go out in ten minutes, however many people press at once, and one more when the first is older', async () => {
  const endpointId = await addEndpoint({ side: 'merchant' })
  const press = () => sendTestEvent(merchant(), { endpointId }, tools)
  const answers = await Promise.all(Array.from({ length: 8 }, press))
  expect(answers.filter(({ ok }) => ok)).toHaveLength(5)
  expect(await press()).toEqual({ ok: false, refusal: { kind: 'too-often', waitSeconds: 600 } })
  const [first] = await deliveriesOf(endpointId)
  await owner.$client.query(
    `update webhook_deliveries set created_at = created_at - interval '10 minutes' where id = $1`,
    [first?.id],
  )
  expect(await press()).toMatchObject({ ok: true })
  expect(await press()).toMatchObject({ ok: false })
  const sent = await deliveriesOf(endpointId)
  // Never in the way of an event of the outbox, whose ids are above zero.
  expect(sent.every(({ eventId }) => eventId < 0)).toBe(true)
})

test('what was really sent does not count as a test, nor does another endpoint', async () => {
  const [endpointId, other] = [
    await addEndpoint({ side: 'merchant' }),
    await addEndpoint({ side: 'merchant' }),
  ]
  for (let n = 0; n < 5; n++) {
    await buildWebhookDelivery(owner, { endpointId })
    await sendTestEvent(merchant(), { endpointId: other }, tools)
  }
  expect(await sendTestEvent(merchant(), { endpointId }, tools)).toMatchObject({ ok: true })
})
