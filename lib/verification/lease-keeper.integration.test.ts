import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { connect } from '#db/client.ts'
import { gatewayLeases } from '#db/schema/gateway-leases.ts'
import { buildPartner, buildStore, buildToken, grantAccess } from '#tools/seed/builders.ts'
import { holding } from '#tools/test-databases/holding.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { mintToken } from '../tokens/model/mint.ts'
import { createLease } from './lease.ts'
import { type LeaseKeeper, leaseApplicationName, startLeaseKeeper } from './lease-keeper.ts'
import { createLeasedMemory } from './leased-memory.ts'
import { lookUpIn } from './verify.ts'

const { db, owner, appUrl } = prepareTestDatabase()
const patient = { timeout: 20_000, interval: 5 }
const keepers = new Set<LeaseKeeper>()

beforeEach(async () => {
  await owner.$client.query('delete from gateway_leases; delete from lease_changes')
})
afterEach(async () => {
  await Promise.all([...keepers].map((keeper) => keeper.close()))
  keepers.clear()
})

function open({ lengthMs = 10_000 } = {}) {
  const lease = createLease(lengthMs)
  const memory = createLeasedMemory(lease)
  const keeper = startLeaseKeeper({ url: appUrl, lease, memory })
  keepers.add(keeper)
  return { lease, memory, keeper, held: () => expect.poll(lease.isHeld, patient).toBe(true) }
}

const listRows = () => owner.select().from(gatewayLeases)

async function issue() {
  const { text, ...secret } = mintToken()
  const store = await buildStore(owner)
  const partner = await buildPartner(owner)
  await grantAccess(owner, { store, partner })
  const { id } = await buildToken(owner, { storeId: store.id, partnerId: partner.id, secret })
  return { id, text, hash: secret.hash.toString('hex'), storeId: store.id, partnerId: partner.id }
}

type Issued = Awaited<ReturnType<typeof issue>>

/** Looks the token up as a call does, until it is known. */
async function remember({ memory }: ReturnType<typeof open>, { hash }: Issued) {
  await expect
    .poll(async () => {
      const age = memory.age()
      const [token] = await lookUpIn(db)([hash])
      if (token) memory.keep(hash, token, age)
      return memory.get(hash)?.tokenId
    }, patient)
    .toBeDefined()
}

/** What each change is, and how the product or somebody by hand makes it. */
const changes: [what: string, statement: (token: Issued) => string][] = [
  [
    'a revocation',
    ({ id }) =>
      `insert into revocations (token_id, store_id, partner_id, revoked_at, side, reason)
       select id, store_id, partner_id, now(), 'partner', 'other' from tokens where id = '${id}'`,
  ],
  [
    'a pause',
    ({ id }) =>
      `insert into pauses (token_id, side, number, store_id, partner_id, operation_id, begun_at, ends_at, ends_as)
       select id, 'partner', 1, store_id, partner_id, '${randomUUID()}', now(), now() + interval '1 hour', 'resumed' from tokens where id = '${id}'`,
  ],
  [
    'a cut-off',
    ({ partnerId }) =>
      `insert into cut_offs (id, store_id, partner_id, at, side, reason)
       values ('${randomUUID()}', '', '${partnerId}', now(), 'partner', 'exposed')`,
  ],
  ['another package', ({ storeId }) => `update stores set package = 'starter' where id = '${storeId}'`],
  [
    'other APIs',
    ({ storeId }) => `update partner_access set apis = '{catalog}' where store_id = '${storeId}'`,
  ],
]

test.each(changes)(
  '%s is confirmed only when the holder of a lease has forgotten the token',
  async (_what, statement) => {
    const token = await issue()
    const other = await issue()
    const held = open()
    await held.held()
    await remember(held, token)
    await remember(held, other)
    const from = performance.now()
    await owner.transaction((tx) => tx.execute(sql.raw(statement(token))))
    expect(held.memory.get(token.hash)).toBeUndefined()
    // Nobody waited for the lease to run out.
    expect(performance.now() - from).toBeLessThan(held.lease.lengthMs)
    expect(held.lease.isHeld()).toBe(true)
  },
)

test('by hand, outside of the product, it is forgotten with the next renewal', async () => {
  const token = await issue()
  const held = open({ lengthMs: 400 })
  await held.held()
  await remember(held, token)
  await owner.$client.query(`update stores set package = 'starter' where id = $1`, [token.storeId])
  await expect.poll(() => held.memory.get(token.hash), patient).toBeUndefined()
})

test('a change that takes nothing is confirmed at once, whoever is silent', async () => {
  await owner.insert(gatewayLeases).values({ id: randomUUID(), lengthMs: 60_000, seen: '1:1:' })
  await owner.transaction((tx) => tx.execute(sql`select pg_current_xact_id()`))
  expect(await listRows()).toHaveLength(1)
})

test('who is silent is waited for once, for a lease, and its row goes', async () => {
  const lengthMs = 300
  const [one, two] = [await issue(), await issue()]
  await owner.insert(gatewayLeases).values({ id: randomUUID(), lengthMs })
  const [first] = changes
  const revoke = (token: Issued) => owner.transaction((tx) => tx.execute(sql.raw(first?.[1](token) ?? '')))
  const from = performance.now()
  await revoke(one)
  expect(performance.now() - from).toBeGreaterThanOrEqual(lengthMs)
  expect(await listRows()).toEqual([])
  await revoke(two)
  const { rows } = await owner.$client.query('select from lease_changes where token_ids = $1', [[two.id]])
  expect(rows).toEqual([])
})

test('nothing is answered from memory while a transaction runs that began before the lease', async () => {
  const token = await issue()
  const rollback = await holding(owner, `update stores set package = 'starter' where id = $1`, [
    token.storeId,
  ])
  const held = open({ lengthMs: 400 })
  await expect.poll(async () => (await listRows())[0]?.renewals ?? 0, patient).toBeGreaterThan(3)
  expect(held.lease.isHeld()).toBe(false)
  await rollback()
  await held.held()
})

test('where its row was removed, the holder forgets all and begins anew', async () => {
  const token = await issue()
  const held = open({ lengthMs: 400 })
  await held.held()
  await remember(held, token)
  const age = held.memory.age()
  await owner.$client.query('delete from gateway_leases')
  await expect.poll(held.memory.age, patient).toBeGreaterThan(age)
  expect(held.memory.size()).toBe(0)
  await held.held()
})

test('where its connection was ended, the holder forgets all and begins anew', async () => {
  const token = await issue()
  const held = open({ lengthMs: 400 })
  await held.held()
  await remember(held, token)
  const login = connect({ url: appUrl, applicationName: 'test', role: 'owner' })
  await login.$client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = $1`,
    [leaseApplicationName],
  )
  await login.$client.end()
  await expect.poll(held.memory.size, patient).toBe(0)
  await held.held()
})

test('who gives its lease back is waited for by nobody', async () => {
  const held = open()
  await held.held()
  await held.keeper.close()
  expect(held.lease.isHeld()).toBe(false)
  expect(await listRows()).toEqual([])
})

test('what every holder knows of is not kept', async () => {
  const token = await issue()
  const held = open({ lengthMs: 400 })
  await held.held()
  await owner.transaction((tx) => tx.execute(sql.raw(changes.at(-1)?.[1](token) ?? '')))
  const left = async () => (await owner.$client.query('select from lease_changes')).rowCount
  await expect.poll(left, patient).toBe(0)
})

test('what a change takes is forgotten alone, but of access everything is', async () => {
  const [one, other] = [await issue(), await issue()]
  const held = open()
  await held.held()
  await remember(held, one)
  await remember(held, other)
  const make = (what: string, token: Issued) => {
    const [, statement] = changes.find(([name]) => name === what) ?? []
    return owner.transaction((tx) => tx.execute(sql.raw(statement?.(token) ?? '')))
  }
  await make('a revocation', one)
  expect([held.memory.get(one.hash), held.memory.get(other.hash)?.tokenId]).toEqual([undefined, other.id])
  await make('other APIs', one)
  expect(held.memory.size()).toBe(0)
})
