import { asc, eq, or } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import { beforeEach, describe, expect, test } from 'vitest'
import { auditEvents } from '#db/schema/audit-events.ts'
import { webhookDeliveries } from '#db/schema/webhook-deliveries.ts'
import { webhookEndpoints } from '#db/schema/webhook-endpoints.ts'
import { buildWebhookDelivery, buildWebhookEndpoint } from '#tools/seed/builders.ts'
import { actorOf, buildStaffed, type Staffed } from '#tools/seed/staff.ts'
import { untilBlocked } from '#tools/test-databases/blocked-queries.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { Actor, Side } from '../access/actor.ts'
import { decrypt, encrypt } from '../encryption/encryption.ts'
import { testKeys } from '../encryption/test-keyring.ts'
import type { Result } from '../result.ts'
import { addEndpoint } from './add.ts'
import { changeEndpoint } from './change.ts'
import { maxEndpoints } from './limits.ts'
import { redeliver } from './redeliver.ts'
import { removeEndpoint } from './remove.ts'
import { rollSecret } from './roll-secret.ts'
import { createWebhookSecret } from './secret.ts'
import { sendTestEvent } from './send-test.ts'
import { switchEndpoint } from './switch.ts'

const { db, owner } = prepareTestDatabase()
const address = '192.0.2.7'
const resolve = async () => [{ address: '93.184.215.14', family: 4 }]
const use = { db, address, keys: testKeys, networks: [], resolve }
const url = 'https://receiver.example/old'
const elsewhere = 'https://receiver.example/new'
const oldSecret = createWebhookSecret()

/** A store or a partner with a member of each role, and an endpoint with a delivery that failed and one that waits. */
type Endowed = Pick<Staffed, 'of' | 'people'> & { endpointId: string; deliveryId: string }
let ours: Record<Side, Endowed>
let others: Record<Side, Endowed>

beforeEach(async () => {
  ours = await buildSides()
  others = await buildSides()
})

async function buildSides(): Promise<Record<Side, Endowed>> {
  const { merchant, partner } = await buildStaffed(owner)
  return { merchant: await fill(merchant), partner: await fill(partner) }
}

async function fill({ of, people }: Staffed): Promise<Endowed> {
  const endpointId = uuidv7()
  await buildWebhookEndpoint(owner, {
    ...{ ...of, id: endpointId, url, createdBy: people.owner.id },
    encryptedSecret: encrypt(testKeys, oldSecret, endpointId),
  })
  const { id } = await buildWebhookDelivery(owner, { endpointId, state: 'failed', attempts: 8 })
  await buildWebhookDelivery(owner, { endpointId })
  return { of, people, endpointId, deliveryId: id }
}

const otherSide = (side: Side): Side => (side === 'merchant' ? 'partner' : 'merchant')

type Caller = [who: string, actor: (side: Side) => Actor, outcome: 'done' | 'not-allowed' | 'not-found']
const callers: Caller[] = [
  ['an owner', (side) => actorOf(ours[side], side, 'owner'), 'done'],
  ['an administrator', (side) => actorOf(ours[side], side, 'administrator'), 'done'],
  ['a viewer', (side) => actorOf(ours[side], side, 'viewer'), 'not-allowed'],
  [
    'a viewer who was an owner',
    (side) => ({ ...actorOf(ours[side], side, 'viewer'), role: 'owner' }),
    'not-allowed',
  ],
  ['an owner of another one', (side) => actorOf(others[side], side, 'owner'), 'not-found'],
  [
    'an owner of the other side',
    (side) => actorOf(ours[otherSide(side)], otherSide(side), 'owner'),
    'not-found',
  ],
]

type Done = { endpointId: string; secret?: string; deliveryId?: string }
type State = Awaited<ReturnType<typeof stateOf>>
type Verb = {
  call: (actor: Actor, party: Endowed) => Promise<Result<object, unknown>>
  /** The audit row, besides who did it and for whom. */
  noted: (party: Endowed, done: Done) => { action: string; details: object }
  /** What stands different afterwards. */
  changed: (before: State, done: Done) => object
}

const ofEndpoint = (change: object, states?: [string, string]): Verb['changed'] => {
  return (before) => ({
    endpoints: before.endpoints.map((endpoint) => ({ ...endpoint, ...change })),
    deliveries: before.deliveries.map((delivery, n) => ({
      ...delivery,
      ...(states && { state: states[n] }),
    })),
  })
}

const verbs: Record<string, Verb> = {
  add: {
    call: (actor) => addEndpoint(actor, { url: elsewhere, kinds: ['token.issued', 'token.expired'] }, use),
    noted: (_, { endpointId }) => ({
      action: 'webhook.added',
      details: { endpointId, url: elsewhere, kinds: 'token.issued token.expired' },
    }),
    changed: ({ endpoints, deliveries }, { endpointId, secret }) => ({
      endpoints: [
        ...endpoints,
        {
          ...{ id: endpointId, url: elsewhere, kinds: ['token.issued', 'token.expired'], secret },
          ...{ disabledAt: null, removedAt: null },
        },
      ],
      deliveries,
    }),
  },
  change: {
    call: (actor, { endpointId }) =>
      changeEndpoint(actor, { endpointId, url: elsewhere, kinds: ['token.adopted'] }, use),
    noted: ({ endpointId }) => ({
      action: 'webhook.changed',
      details: { endpointId, change: 'address-and-kinds', url: elsewhere, kinds: 'token.adopted' },
    }),
    changed: ofEndpoint({ url: elsewhere, kinds: ['token.adopted'] }),
  },
  roll: {
    call: (actor, { endpointId }) => rollSecret(actor, { endpointId }, use),
    noted: ({ endpointId }) => ({
      action: 'webhook.changed',
      details: { endpointId, change: 'secret', url },
    }),
    changed: (before, { secret }) => ofEndpoint({ secret })(before, { endpointId: '' }),
  },
  disable: {
    call: (actor, { endpointId }) => switchEndpoint(actor, { endpointId, to: 'disabled' }, use),
    noted: ({ endpointId }) => ({
      action: 'webhook.changed',
      details: { endpointId, change: 'disabled', url },
    }),
    changed: ofEndpoint({ disabledAt: expect.any(Date) }, ['failed', 'failed']),
  },
  remove: {
    call: (actor, { endpointId }) => removeEndpoint(actor, { endpointId }, use),
    noted: ({ endpointId }) => ({ action: 'webhook.removed', details: { endpointId, url } }),
    changed: ofEndpoint({ removedAt: expect.any(Date) }, ['failed', 'failed']),
  },
  redeliver: {
    call: (actor, { deliveryId }) => redeliver(actor, { deliveryId }, use),
    noted: ({ endpointId, deliveryId }) => ({
      action: 'webhook.changed',
      details: { endpointId, change: 'redelivered', url, deliveryId },
    }),
    changed: ofEndpoint({}, ['waiting', 'waiting']),
  },
  'send a test': {
    call: (actor, { endpointId }) => sendTestEvent(actor, { endpointId }, use),
    noted: ({ endpointId }, { deliveryId }) => ({
      action: 'webhook.changed',
      details: { endpointId, change: 'tested', url, deliveryId },
    }),
    changed: ({ endpoints, deliveries }, { deliveryId }) => ({
      endpoints,
      deliveries: [...deliveries, { id: deliveryId, state: 'waiting' }],
    }),
  },
}

/** Everything of a store or a partner that these verbs may change; secrets as their receivers know them. */
async function stateOf({ of }: Endowed) {
  const isOf = (table: typeof webhookEndpoints | typeof auditEvents) =>
    'storeId' in of ? eq(table.storeId, of.storeId) : eq(table.partnerId, of.partnerId)
  const rows = await db
    .select()
    .from(webhookEndpoints)
    .where(isOf(webhookEndpoints))
    .orderBy(asc(webhookEndpoints.id))
  const endpoints = rows.map(({ id, url, kinds, encryptedSecret, disabledAt, removedAt }) => {
    const secret = decrypt(testKeys, encryptedSecret, id)
    return { id, url, kinds, disabledAt, removedAt, secret: secret.ok ? secret.value : secret }
  })
  const deliveries = await db
    .select({ id: webhookDeliveries.id, state: webhookDeliveries.state })
    .from(webhookDeliveries)
    .where(or(...endpoints.map(({ id }) => eq(webhookDeliveries.endpointId, id))))
    .orderBy(asc(webhookDeliveries.id))
  const audit = await db.select().from(auditEvents).where(isOf(auditEvents)).orderBy(asc(auditEvents.id))
  return { endpoints, deliveries, audit }
}

describe.each(Object.entries(verbs))('%s', (name, { call, noted, changed }) => {
  const table = (['merchant', 'partner'] as const).flatMap((side) =>
    callers.map(([who, actor, outcome]) => ({ side, who, actor, outcome })),
  )
  test.each(table)('an endpoint of a $side, by $who: $outcome', async ({ side, actor, outcome }) => {
    const party = ours[side]
    const by = actor(side)
    const before = await stateOf(party)
    const result = await call(by, party)
    if (outcome !== 'done') {
      // Whoever adds, adds to their own.
      if (name === 'add' && outcome === 'not-found') expect(result.ok).toBe(true)
      else expect(result).toEqual({ ok: false, refusal: outcome })
      expect(await stateOf(party)).toEqual(before)
      return
    }
    if (!result.ok) throw new Error(JSON.stringify(result.refusal))
    const done = result.value as Done
    const { audit, ...after } = await stateOf(party)
    expect(after).toEqual(changed(before, done))
    const who = { side, userId: by.userId, userName: by.userName }
    expect(audit).toMatchObject([{ ...noted(party, done), ...who, ...party.of, address }])
    expect(audit[0]?.details).toEqual(noted(party, done).details)
    for (const secret of [oldSecret, done.secret ?? oldSecret]) {
      expect(JSON.stringify(audit)).not.toContain(secret)
    }
  })
})

test('an endpoint that is switched on again is noted, and what it is already is not', async () => {
  const [actor, party] = [actorOf(ours.merchant, 'merchant', 'owner'), ours.merchant]
  const { endpointId } = party
  for (const to of ['enabled', 'disabled', 'disabled', 'enabled'] as const) {
    expect(await switchEndpoint(actor, { endpointId, to }, use)).toEqual({ ok: true, value: { endpointId } })
  }
  const { endpoints, audit } = await stateOf(party)
  expect(endpoints).toMatchObject([{ disabledAt: null }])
  expect(audit.map(({ details }) => details?.change)).toEqual(['disabled', 'enabled'])
})

test('what was removed is not there to be changed, rolled, switched, removed or sent again', async () => {
  const [actor, party] = [actorOf(ours.partner, 'partner', 'owner'), ours.partner]
  await removeEndpoint(actor, { endpointId: party.endpointId }, use)
  const before = await stateOf(party)
  for (const [name, { call }] of Object.entries(verbs)) {
    if (name === 'add') continue
    expect(await call(actor, party), name).toEqual({ ok: false, refusal: 'not-found' })
  }
  expect(await stateOf(party)).toEqual(before)
})

test.each(['merchant', 'partner'] as const)(
  'a %s has 20 endpoints at most, disabled ones among them, also where several are added at once',
  async (side) => {
    const actor = actorOf(ours[side], side, 'owner')
    const add = () => addEndpoint(actor, { url: elsewhere, kinds: ['token.issued'] }, use)
    await switchEndpoint(actor, { endpointId: ours[side].endpointId, to: 'disabled' }, use)
    for (let n = 2; n < maxEndpoints; n++) expect((await add()).ok, `the ${n}th`).toBe(true)
    const party = side === 'merchant' ? 'stores' : 'partners'
    const holder = await owner.$client.connect()
    await holder.query('begin')
    await holder.query(`select from ${party} where id = $1 for no key update`, Object.values(ours[side].of))
    const adding = Promise.all([add(), add(), add()])
    await untilBlocked(owner, 3)
    await holder.query('commit')
    holder.release()
    const results = await adding
    const tooMany = { ok: false, refusal: 'too-many' }
    expect(results.filter(({ ok }) => !ok)).toEqual([tooMany, tooMany])
    expect(await add()).toEqual(tooMany)
    expect((await stateOf(ours[side])).endpoints).toHaveLength(20)
    await removeEndpoint(actor, { endpointId: ours[side].endpointId }, use)
    expect((await add()).ok).toBe(true)
    expect(await add()).toEqual(tooMany)
  },
)

test('no endpoint is added or moved to where nothing may be sent', async () => {
  const [actor, party] = [actorOf(ours.merchant, 'merchant', 'owner'), ours.merchant]
  const before = await stateOf(party)
  const inside = { ...use, resolve: async () => [{ address: '10.0.0.1', family: 4 }] }
  const wanted = { url: elsewhere, kinds: ['token.issued' as const] }
  const isPrivate = { ok: false, refusal: 'private' }
  expect(await addEndpoint(actor, wanted, inside)).toEqual(isPrivate)
  const { endpointId } = party
  expect(await changeEndpoint(actor, { endpointId, ...wanted }, inside)).toEqual(isPrivate)
  expect(await stateOf(party)).toEqual(before)
})

test('who sends a delivery again while its endpoint is disabled waits for the endpoint, and holds up nothing', async () => {
  const [actor, party] = [actorOf(ours.merchant, 'merchant', 'owner'), ours.merchant]
  const holder = await owner.$client.connect()
  await holder.query('begin')
  await holder.query('select from webhook_endpoints where id = $1 for update', [party.endpointId])
  const sending = redeliver(actor, { deliveryId: party.deliveryId }, use)
  await untilBlocked(owner)
  // As disabling does next: held by the other, it would be a deadlock.
  await holder.query(`update webhook_deliveries set state = 'failed' where endpoint_id = $1`, [
    party.endpointId,
  ])
  await holder.query('update webhook_endpoints set disabled_at = now() where id = $1', [party.endpointId])
  await holder.query('commit')
  holder.release()
  expect(await sending).toEqual({ ok: false, refusal: 'disabled' })
})
