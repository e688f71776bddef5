import { eq } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { listDueDeliveries } from '#db/queries/notifications/webhook-deliveries.ts'
import { insertCheckpoint } from '#db/queries/receipts/log.ts'
import { webhookAttempts, webhookDeliveries } from '#db/schema/webhook-deliveries.ts'
import { webhookEndpoints } from '#db/schema/webhook-endpoints.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  buildWebhookDelivery,
  buildWebhookEndpoint,
  grantAccess,
  type PartnerRow,
  type StoreRow,
  type UserRow,
} from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { MerchantActor } from '../../access/actors.ts'
import { encrypt } from '../../encryption/encryption.ts'
import { testKeys } from '../../encryption/test-keyring.ts'
import { readNetworks } from '../../http/networks.ts'
import { dispatchEvents } from '../../notifications/dispatch-events.ts'
import { readInbox } from '../../notifications/inbox.ts'
import { createRetryDelays } from '../../notifications/retry-delays.ts'
import { log } from '../../process/log.ts'
import { revokeTokens } from '../../tokens/revoke.ts'
import { createWebhookSecret } from '../secret.ts'
import { deliverWebhook } from './deliver.ts'
import { noteReach } from './note-reach.ts'
import { retryDelaysSeconds } from './retry.ts'
import { startTestReceiver } from './test-receiver.ts'

const { db, owner } = prepareTestDatabase()
const tools = { db, keys: testKeys, networks: readNetworks('127.0.0.0/8') }
const dispatchTools = {
  ...{ db, log, retryDelays: createRetryDelays(), baseUrl: 'https://tokens.example', secret: 'x'.repeat(40) },
}
const secret = createWebhookSecret()

let receiver: Awaited<ReturnType<typeof startTestReceiver>>
let user: UserRow
let store: StoreRow
let partner: PartnerRow

beforeAll(async () => {
  receiver = await startTestReceiver()
  user = await buildUser(owner)
})
afterAll(() => receiver.stop())
beforeEach(async () => {
  receiver.received.length = 0
  receiver.judgeBy(() => ({ status: 204 }))
  store = await buildStore(owner)
  partner = await buildPartner(owner)
  await grantAccess(owner, { store, partner })
  await addStoreMember(owner, { store, user })
})

function addEndpoint(options: Partial<Parameters<typeof buildWebhookEndpoint>[1]> = {}) {
  const id = uuidv7()
  const ofStore = options.partnerId ? {} : { storeId: store.id }
  return buildWebhookEndpoint(owner, {
    ...{ id, url: receiver.url, encryptedSecret: encrypt(testKeys, secret, id), createdBy: user.id },
    ...ofStore,
    ...options,
  })
}

async function addDelivery(options: Partial<Parameters<typeof addEndpoint>[0]> = {}) {
  return buildWebhookDelivery(owner, { endpointId: (await addEndpoint(options)).id })
}

async function revokeWithoutDispatch(storeId = store.id, partnerId = partner.id) {
  const token = await buildToken(owner, { storeId, partnerId })
  const actor: MerchantActor = {
    ...{ side: 'merchant', role: 'owner', storeId },
    ...{ userId: user.id, userName: user.name },
  }
  const reason = { reason: 'other', note: 'A private word.' } as const
  const tools = { db, address: null }
  await revokeTokens(actor, { tokenIds: [token.id], extent: 'chosen', ...reason }, tools)
  return token
}

async function dispatch() {
  while ((await dispatchEvents(dispatchTools)) > 0);
}

async function revoke() {
  const token = await revokeWithoutDispatch()
  await dispatch()
  return token
}

const stateOf = async (id: string) =>
  (await db.select().from(webhookDeliveries).where(eq(webhookDeliveries.id, id)))[0]
const attemptsOf = (id: string) =>
  db.select().from(webhookAttempts).where(eq(webhookAttempts.deliveryId, id)).orderBy(webhookAttempts.id)
const deliveriesTo = (endpointId: string) =>
  db.select().from(webhookDeliveries).where(eq(webhookDeliveries.endpointId, endpointId))
const isDue = async (id: string) =>
  (await listDueDeliveries(db, { ofEndpoint: 10, all: 1_000 })).some((due) => due.id === id)

test('an event goes, signed, to the endpoints of its store and of its partner that want it, and to nobody else’s', async () => {
  const otherStore = await buildStore(owner)
  const [ofStore, ofPartner] = [await addEndpoint(), await addEndpoint({ partnerId: partner.id })]
  const unconcerned = [
    await addEndpoint({ kinds: ['token.issued'] }),
    await addEndpoint({ disabledAt: new Date() }),
    await addEndpoint({ removedAt: new Date() }),
    await addEndpoint({ storeId: otherStore.id }),
  ]
  const token = await revoke()
  for (const { id } of unconcerned) expect(await deliveriesTo(id)).toEqual([])
  for (const { id } of [ofStore, ofPartner]) {
    const [delivery, ...more] = await deliveriesTo(id)
    expect(more).toEqual([])
    await deliverWebhook(delivery?.id ?? '', tools)
    expect(await stateOf(delivery?.id ?? '')).toMatchObject({ state: 'delivered', attempts: 1 })
  }
  expect(receiver.received).toHaveLength(2)
  for (const webhook of receiver.received) {
    expect(receiver.verify(secret, webhook)).toEqual({
      type: 'token.revoked',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      data: {
        ...{ tokenId: token.id, lastCharacters: token.lastCharacters, storeId: store.id },
        ...{ partnerId: partner.id, by: 'merchant', reason: 'other' },
        expiresAt: token.expiresAt.toISOString(),
      },
    })
    expect(webhook.body).not.toContain('A private word')
    expect(() => receiver.verify(createWebhookSecret(), webhook)).toThrow('No matching signature')
  }
})

test('each attempt carries the newest head of the log of receipts as it was signed, and none where nothing is signed', async () => {
  const { id } = await addDelivery()
  receiver.judgeBy(() => ({ status: 500 }))
  await deliverWebhook(id, tools)
  const note = `tests.example/log\n4\n${Buffer.alloc(32, 4).toString('base64')}\n\n— tests.example/log ${Buffer.alloc(68, 5).toString('base64')}\n`
  await insertCheckpoint(owner, { size: 4, note })
  await deliverWebhook(id, tools)
  const headers = receiver.received.map((webhook) => webhook.headers['log-checkpoint'])
  expect(headers).toEqual([undefined, Buffer.from(note).toString('base64')])
})

test('a store whose id is spelled as a Partner ID is sent nothing of that partner, nor the other way round', async () => {
  const twin = await buildStore(owner, { id: partner.id })
  const customer = await buildPartner(owner)
  await grantAccess(owner, { store: twin, partner: customer })
  await addStoreMember(owner, { store: twin, user })
  const [ofTwin, ofPartner] = [
    await addEndpoint({ storeId: twin.id }),
    await addEndpoint({ partnerId: partner.id }),
  ]
  await revokeWithoutDispatch(twin.id, customer.id)
  await revokeWithoutDispatch()
  await dispatch()
  const sentPairs = async ({ id }: { id: string }) =>
    (await deliveriesTo(id)).map(({ payload }) => {
      const { storeId, partnerId } = JSON.parse(payload).data
      return [storeId, partnerId]
    })
  expect(await sentPairs(ofTwin)).toEqual([[twin.id, customer.id]])
  expect(await sentPairs(ofPartner)).toEqual([[store.id, partner.id]])
})

test('a receiver that fails twice is sent the same bytes under the same id again, when it is due', async () => {
  const { id } = await addDelivery()
  const answers = [
    { status: 500, body: 'out of order\u0000\n' },
    { status: 302, headers: { location: receiver.url } },
  ]
  receiver.judgeBy(() => answers.shift() ?? { status: 200 })
  for (const wait of retryDelaysSeconds.slice(0, 2)) {
    expect(await isDue(id)).toBe(true)
    await deliverWebhook(id, tools)
    expect(await isDue(id), 'at once').toBe(false)
    const moved = `update webhook_deliveries set next_attempt_at = next_attempt_at - make_interval(secs => $2) where id = $1`
    await owner.$client.query(moved, [id, wait - 2])
    expect(await isDue(id), 'a little before').toBe(false)
    await owner.$client.query(moved, [id, 2])
  }
  expect(await isDue(id)).toBe(true)
  await deliverWebhook(id, tools)
  expect(await stateOf(id)).toMatchObject({ state: 'delivered', attempts: 3 })
  expect(new Set(receiver.received.map((webhook) => `${webhook.id} ${webhook.body}`)).size).toBe(1)
  expect(receiver.received.map((webhook) => webhook.id)).toEqual([id, id, id])
  expect((await attemptsOf(id)).map(({ status, problem }) => [status, problem])).toEqual([
    [500, 'out of order'],
    [302, 'redirects are not followed'],
    [200, null],
  ])
  await deliverWebhook(id, tools)
  expect(receiver.received).toHaveLength(3)
})

test('after the last attempt it has failed', async () => {
  const { id } = await addDelivery()
  receiver.judgeBy(() => ({ status: 503 }))
  for (let n = 0; n <= retryDelaysSeconds.length; n++) await deliverWebhook(id, tools)
  expect(await stateOf(id)).toMatchObject({ state: 'failed', attempts: retryDelaysSeconds.length + 1 })
  expect(await isDue(id)).toBe(false)
})

test('what could not be noted after it was sent goes out again under the same id', async () => {
  const { id } = await addDelivery()
  receiver.judgeBy(() => ({ status: 200 }))
  const dying = new Proxy(db, {
    get: (target, name) =>
      name === 'transaction' && receiver.received.length > 0
        ? () => Promise.reject(new Error('killed'))
        : Reflect.get(target, name, target),
  })
  await expect(deliverWebhook(id, { ...tools, db: dying })).rejects.toThrow('killed')
  await deliverWebhook(id, tools)
  expect(receiver.received.map((webhook) => webhook.id)).toEqual([id, id])
  expect(await attemptsOf(id)).toHaveLength(1)
})

test('only the beginning of a long answer is kept', async () => {
  const { id } = await addDelivery()
  receiver.judgeBy(() => ({ status: 400, body: 'x'.repeat(1_000_000) }))
  await deliverWebhook(id, tools)
  expect((await attemptsOf(id))[0]?.problem?.length).toBe(500)
})

test.each(['goes on for ever', 'breaks off'] as const)(
  'any 2xx is success, also where the body after it %s; else the status stands with what came of the body',
  async (then) => {
    const answers = [
      { status: 202, body: 'thank you', then },
      { status: 500, body: 'out of order', then },
    ]
    receiver.judgeBy(() => answers.shift() ?? 'never')
    const [taken, refused] = [await addDelivery(), await addDelivery()]
    await deliverWebhook(taken.id, tools)
    expect(await stateOf(taken.id)).toMatchObject({ state: 'delivered' })
    expect(await attemptsOf(taken.id)).toMatchObject([{ status: 202, problem: null }])
    await deliverWebhook(refused.id, tools)
    expect(await attemptsOf(refused.id)).toMatchObject([{ status: 500, problem: 'out of order' }])
  },
)

test('a receiver that does not answer is left after ten seconds', async () => {
  const { id } = await addDelivery()
  receiver.judgeBy(() => 'never')
  await deliverWebhook(id, tools)
  expect(await attemptsOf(id)).toMatchObject([{ status: null, problem: 'no answer within 10 seconds' }])
})

test.each([
  ['its address', (url: string) => url],
  ['a name that stands for it', (url: string) => url.replace('127.0.0.1', 'localhost')],
  ['an address that maps it', (url: string) => url.replace('127.0.0.1', '[::ffff:127.0.0.1]')],
])('nothing is connected to inside a private network by %s', async (_, spell) => {
  const { id } = await addDelivery({ url: spell(receiver.url) })
  await deliverWebhook(id, { ...tools, networks: [] })
  expect(receiver.received).toEqual([])
  expect(await attemptsOf(id)).toMatchObject([
    { status: null, problem: 'the host is inside a private network' },
  ])
})

test('a secret whose key is gone is said to be, and nothing is sent unsigned', async () => {
  const { id } = await addDelivery({ encryptedSecret: encrypt(testKeys, secret, 'another row') })
  await deliverWebhook(id, tools)
  expect(receiver.received).toEqual([])
  expect(await attemptsOf(id)).toMatchObject([{ problem: 'the secret cannot be read: roll it' }])
})

test('what waits for an endpoint that is disabled by now is given up', async () => {
  const { id } = await addDelivery({ disabledAt: new Date() })
  await deliverWebhook(id, tools)
  expect(await stateOf(id)).toMatchObject({ state: 'failed', attempts: 0 })
  expect(receiver.received).toEqual([])
})

const failForGood = async (id: string, more: Partial<Parameters<typeof deliverWebhook>[1]> = {}) => {
  receiver.judgeBy(() => ({ status: 503, body: 'out of order' }))
  for (let n = 0; n <= retryDelaysSeconds.length; n++) await deliverWebhook(id, { ...tools, ...more })
}
const endpointOf = async (endpointId: string) =>
  (await db.select().from(webhookEndpoints).where(eq(webhookEndpoints.id, endpointId)))[0]
async function noticesOf(userId: string) {
  while ((await dispatchEvents(dispatchTools)) > 0);
  const { rows } = await owner.$client.query(
    "select kind, store_id, partner_id, details from notices where user_id = $1 and kind like 'webhook.%' order by id",
    [userId],
  )
  return rows
}

test('when a delivery has failed for good, owners are notified once, and again when one is taken; others are not', async () => {
  const [boss, viewer] = [await buildUser(owner), await buildUser(owner)]
  const own = await buildStore(owner)
  await addStoreMember(owner, { store: own, user: boss, role: 'owner' })
  await addStoreMember(owner, { store: own, user: viewer, role: 'viewer' })
  const endpoint = await addEndpoint({ storeId: own.id })
  const [first, second, third] = await Promise.all(
    [1, 2, 3].map(() => buildWebhookDelivery(owner, { endpointId: endpoint.id })),
  )
  const given: unknown[] = []
  const startedAt = Date.now()
  await failForGood(first?.id ?? '', { onGivenUp: (webhook) => given.push(webhook) })
  await failForGood(second?.id ?? '')
  expect(given).toEqual([{ deliveryId: first?.id, endpointId: endpoint.id, problem: 'out of order' }])
  const failing = await endpointOf(endpoint.id)
  expect(failing?.failingSince?.getTime()).toBeGreaterThan(startedAt - 1_000)
  const about = { store_id: own.id, partner_id: '' }
  const details = {
    endpointId: endpoint.id,
    since: failing?.failingSince?.toISOString(),
    problem: 'out of order',
  }
  expect(await noticesOf(boss.id)).toEqual([{ kind: 'webhook.failing', ...about, details }])
  receiver.judgeBy(() => ({ status: 204 }))
  await deliverWebhook(third?.id ?? '', tools)
  expect((await endpointOf(endpoint.id))?.failingSince).toBeNull()
  expect((await noticesOf(boss.id)).map(({ kind }) => kind)).toEqual(['webhook.failing', 'webhook.recovered'])
  expect(await noticesOf(viewer.id)).toEqual([])
  const { notices } = await readInbox({ userId: boss.id, side: 'merchant', secondFactor: null }, {}, { db })
  expect(notices.map(({ kind, storeName }) => [kind, storeName])).toEqual([
    ['webhook.recovered', own.name],
    ['webhook.failing', own.name],
  ])
  const { rows: mailed } = await owner.$client.query(
    'select user_id, subject, body from mails where user_id = any($1) order by id',
    [[boss.id, viewer.id]],
  )
  expect(mailed).toMatchObject([
    { user_id: boss.id, subject: `A webhook of “${own.name}” fails` },
    { user_id: boss.id, subject: `A webhook of “${own.name}” works again` },
  ])
  expect(mailed[0].body).toContain(`/stores/${own.id}/real-time-links/api-settings/webhooks/${endpoint.id}`)
})

test('the same of a partner; what failed is failing since its first attempt that failed', async () => {
  const boss = await buildUser(owner)
  await addPartnerMember(owner, { partner, user: boss, role: 'owner' })
  const endpoint = await addEndpoint({ partnerId: partner.id })
  const { id } = await buildWebhookDelivery(owner, { endpointId: endpoint.id })
  await failForGood(id)
  const attempts = await attemptsOf(id)
  const first = Math.min(...attempts.map(({ attemptedAt }) => attemptedAt.getTime()))
  expect((await endpointOf(endpoint.id))?.failingSince?.getTime()).toBe(first)
  expect(await noticesOf(boss.id)).toMatchObject([
    { kind: 'webhook.failing', store_id: '', partner_id: partner.id },
  ])
})

test('of an endpoint that was disabled or removed while its last attempt was under way nobody is notified', async () => {
  for (const ended of [{ disabledAt: new Date() }, { removedAt: new Date() }]) {
    const endpoint = await addEndpoint(ended)
    const { id: deliveryId } = await buildWebhookDelivery(owner, { endpointId: endpoint.id })
    const outcome = { endpointId: endpoint.id, deliveryId, attemptedAt: new Date(), problem: 'out of order' }
    await db.transaction((tx) => noteReach(tx, { ...outcome, state: 'failed' }))
    expect((await endpointOf(endpoint.id))?.failingSince).toBeNull()
  }
})
