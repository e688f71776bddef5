import { randomUUID } from 'node:crypto'
import { sql, TransactionRollbackError } from 'drizzle-orm'
import fc from 'fast-check'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { moveHoursToDays, pruneDays } from '#db/queries/verification/usage-pruning.ts'
import type { Actor } from '#lib/access/actor.ts'
import { dayMs, hourMs } from '#lib/time/units.ts'
import { usageDays } from '#lib/tokens/review/usage-days.ts'
import { usageOfToken } from '#lib/tokens/review/usage-of-token.ts'
import type { UsedApi } from '#lib/verification/recorded-call.ts'
import { createUsageRecorder, writeUsesTo } from '#lib/verification/usage.ts'
import {
  buildAddresses,
  buildPartner,
  buildStore,
  buildToken,
  buildUsageDays,
  buildUsageHours,
  grantAccess,
} from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { pruneUsage } from './prune-usage.ts'

const { db, owner } = prepareTestDatabase()

let actor: Actor
let pair: { storeId: string; partnerId: string }
let tokenId: string

beforeAll(async () => {
  const [store, partner] = [await buildStore(owner), await buildPartner(owner)]
  await grantAccess(owner, { store, partner })
  pair = { storeId: store.id, partnerId: partner.id }
  actor = { side: 'merchant', userId: '', userName: '', role: 'viewer', storeId: store.id }
})

beforeEach(async () => {
  // What the tests before left behind, so that a test counts its own rows only.
  await pruneUsage({ db })
  tokenId = (await buildToken(owner, pair)).id
})

const hourAgo = (hours: number) => new Date(Math.floor(Date.now() / hourMs - hours) * hourMs)
const dayOf = (moment: Date) => moment.toISOString().slice(0, 10)

async function count(from: string, ...values: unknown[]): Promise<number> {
  const { rows } = await owner.$client.query(`select count(*)::int as count from ${from}`, values)
  return rows[0].count
}

const hoursOf = (id = tokenId) => count('token_usage_hours where token_id = $1', id)

test('hours older than two days become days, added to what the days hold already', async () => {
  const old = hourAgo(24 * 5)
  const day = dayOf(old)
  await buildUsageHours(owner, tokenId, [
    { hour: old, calls: 3, refusals: 1 },
    { hour: old, api: 'catalog', calls: 2 },
    { hour: hourAgo(46) },
    { hour: hourAgo(0) },
  ])
  await buildUsageDays(owner, tokenId, [{ day, calls: 10, refusals: 5 }])
  expect(await pruneUsage({ db })).toBe(2)
  expect(await hoursOf()).toBe(2)
  const { rows } = await owner.$client.query(
    'select day::text, api, calls::int, refusals::int from token_usage_days where token_id = $1 order by api',
    [tokenId],
  )
  expect(rows).toEqual([
    { day, api: 'catalog', calls: 2, refusals: 0 },
    { day, api: 'order', calls: 13, refusals: 6 },
  ])
})

test('pruning takes old rows only where the table has partitions, in each of which a place is another row', async () => {
  await owner
    .transaction(async (tx) => {
      await tx.execute(sql`alter table token_usage_days rename to usage_of_one_table`)
      await tx.execute(sql`create table token_usage_days (like usage_of_one_table) partition by range (day)`)
      await tx.execute(sql`create table usage_recent partition of token_usage_days
        for values from ('2020-01-01') to ('2100-01-01')`)
      await tx.execute(sql`create table usage_old partition of token_usage_days default`)
      await tx.execute(sql`insert into token_usage_days (token_id, day, api, calls, refusals)
        select ${tokenId}::uuid, day, 'order', 1, 0 from unnest(array['2001-01-01', now()]::date[]) day`)
      expect(await pruneDays(tx, 400, 100)).toBe(1)
      const { rows } = await tx.execute(sql`select day = now()::date as is_today from token_usage_days`)
      expect(rows).toEqual([{ is_today: true }])
      tx.rollback()
    })
    .catch((error) => {
      if (!(error instanceof TransactionRollbackError)) throw error
    })
})

describe('kept for a limited time', () => {
  test('days: 400 days', async () => {
    const days = [399, 402, 500].map((n) => ({ day: dayOf(hourAgo(24 * n)) }))
    await buildUsageDays(owner, tokenId, days)
    expect(await pruneUsage({ db })).toBe(2)
    expect(await count('token_usage_days where token_id = $1', tokenId)).toBe(1)
  })

  test('addresses: 30 days after their last use', async () => {
    await buildAddresses(owner, tokenId, [
      { address: '192.0.2.1', lastUsedAt: hourAgo(24 * 29) },
      { address: '192.0.2.2', lastUsedAt: hourAgo(24 * 31) },
    ])
    expect(await pruneUsage({ db })).toBe(1)
    expect(await count('token_addresses where token_id = $1', tokenId)).toBe(1)
  })

  test('proofs with their answers: 7 days; silent processes and the writers of usage', async () => {
    const [young, old] = [randomUUID(), randomUUID()]
    await owner.execute(sql`
      with asked as (
        insert into refusal_proofs (id, asked_at, token_ids)
        values (${young}, now() - interval '6 days', '{}'), (${old}, now() - interval '8 days', '{}')
      ), silent as (
        insert into gateway_processes (id, name, started_at, heartbeat_at)
        select gen_random_uuid(), 'gateway', now(), now() - make_interval(hours => n) from unnest('{23,25}'::int[]) n
      )
      insert into usage_writers (id, last_batch, written_at)
      select gen_random_uuid(), 1, now() - make_interval(days => n) from unnest('{6,8}'::int[]) n`)
    await owner.execute(sql`
      insert into refusal_proof_answers (proof_id, process_id, process_name, answered_at, refused, accepted)
      values (${old}, ${young}, 'gateway', now(), 1, 0)`)
    expect(await pruneUsage({ db })).toBe(3)
    expect(await count('refusal_proofs')).toBe(1)
    expect(await count('refusal_proof_answers')).toBe(0)
    expect(await count('gateway_processes')).toBe(1)
    expect(await count(`usage_writers where written_at > now() - interval '7 days'`)).toBe(1)
  })
})

test('more than a chunk is moved by one run', async () => {
  await owner.execute(sql`
    insert into token_usage_hours (token_id, hour, api, calls, refusals)
    select ${tokenId}, date_trunc('hour', now()) - make_interval(hours => n), 'order', 1, 0
    from generate_series(100, 6099) n`)
  expect(await pruneUsage({ db })).toBe(6_000)
  expect(await hoursOf()).toBe(0)
})

test('several that move at once, and one that writes old hours meanwhile, lose nothing', async () => {
  const hours = Array.from({ length: 60 }, (_, n) => hourAgo(60 + n))
  await buildUsageHours(
    owner,
    tokenId,
    hours.map((hour) => ({ hour, calls: 1 })),
  )
  let moving = true
  const write = async () => {
    const usage = createUsageRecorder({ write: writeUsesTo(db) })
    let calls = 0
    while (moving) {
      for (const at of hours) {
        usage.record({ tokenId, api: 'order', cause: null, address: null, client: null, at })
      }
      calls += hours.length
      await usage.flush()
    }
    expect(await usage.close()).toBe(0)
    return calls
  }
  const move = async () => {
    for (let n = 0; n < 25; n++) await moveHoursToDays(db, 48, 20)
  }
  const writing = Promise.all([write(), write()])
  await Promise.all([move(), move(), move()])
  moving = false
  const [first, second] = await writing
  const days = (await usageDays(actor, [tokenId], { db })).get(tokenId) ?? []
  expect(days.reduce((sum, { calls }) => sum + calls, 0)).toBe(60 + first + second)
})

test('hours that somebody is writing at this moment stay for the next time', async () => {
  await buildUsageHours(owner, tokenId, [{ hour: hourAgo(60) }, { hour: hourAgo(61) }])
  await owner.transaction(async (tx) => {
    await tx.execute(
      sql`update token_usage_hours set calls = 99 where token_id = ${tokenId} and hour = ${hourAgo(60).toISOString()}`,
    )
    expect(await pruneUsage({ db })).toBe(1)
  })
  expect(await pruneUsage({ db })).toBe(1)
  expect(await count('token_usage_days where token_id = $1 and calls >= 99', tokenId)).toBe(1)
})

type Step =
  | { do: 'record'; hoursAgo: number; api: UsedApi; refused: boolean; token: number; times: number }
  | { do: 'flush' | 'prune' | 'restart' }

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('record' as const),
      hoursAgo: fc.oneof(fc.nat(52), fc.nat(24 * 33)),
      api: fc.constantFrom<UsedApi>('order', 'payment', 'introspection'),
      refused: fc.boolean(),
      token: fc.nat(1),
      times: fc.integer({ min: 1, max: 5 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('flush' as const, 'prune', 'restart') }) },
)

test('whatever is recorded, written and moved, and when, the days add up', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 30 }), async (steps) => {
      const ids = [(await buildToken(owner, pair)).id, (await buildToken(owner, pair)).id]
      const model = new Map<string, number>()
      const add = (key: string, times: number) => model.set(key, (model.get(key) ?? 0) + times)
      let usage = createUsageRecorder({ write: writeUsesTo(db) })
      for (const step of steps) {
        switch (step.do) {
          case 'record': {
            const { hoursAgo, api, refused, token, times } = step
            const at = new Date(Date.now() - hoursAgo * hourMs)
            const call = { tokenId: ids[token] ?? '', api, address: null, client: null, at }
            for (let n = 0; n < times; n++) usage.record({ ...call, cause: refused ? 'expired' : null })
            add([token, dayOf(at), refused ? 'refusals' : 'calls'].join(' '), times)
            add([token, dayOf(at), api, refused ? 'refusals' : 'calls'].join(' '), times)
            break
          }
          case 'flush':
            await usage.flush()
            break
          case 'prune':
            await pruneUsage({ db })
            break
          case 'restart':
            expect(await usage.close()).toBe(0)
            usage = createUsageRecorder({ write: writeUsesTo(db) })
        }
      }
      expect(await usage.close()).toBe(0)
      const days = await usageDays(actor, ids, { db })
      for (const [token, id] of ids.entries()) {
        expect(days.get(id)).toHaveLength(30)
        for (const { day, calls, refusals } of days.get(id) ?? []) {
          expect([day, calls]).toEqual([day, model.get(`${token} ${day} calls`) ?? 0])
          expect([day, refusals]).toEqual([day, model.get(`${token} ${day} refusals`) ?? 0])
        }
        for (const { api, days } of (await usageOfToken(actor, id, { db }))?.apis ?? []) {
          for (const { day, calls } of days) {
            expect([api, day, calls]).toEqual([api, day, model.get(`${token} ${day} ${api} calls`) ?? 0])
          }
        }
      }
    }),
    { numRuns: 25 },
  )
})

test('a reader finds every call once, before, during and after the move', async () => {
  const hours = Array.from({ length: 400 }, (_, n) => hourAgo(50 + n))
  await buildUsageHours(
    owner,
    tokenId,
    hours.map((hour) => ({ hour, calls: 1 })),
  )
  let moving = true
  const read = async () => {
    const sums = new Set<number>()
    while (moving) {
      const days = (await usageDays(actor, [tokenId], { db })).get(tokenId) ?? []
      sums.add(days.reduce((sum, { calls }) => sum + calls, 0))
    }
    return sums
  }
  const reading = read()
  while ((await moveHoursToDays(db, 48, 7)) > 0);
  moving = false
  expect(await reading).toEqual(new Set([400]))
})

test('the window is 30 days and ends with today', async () => {
  const days = [0, 29, 30].map((n) => ({ day: dayOf(new Date(Date.now() - n * dayMs)), calls: n + 1 }))
  await buildUsageDays(owner, tokenId, days)
  const window = (await usageDays(actor, [tokenId], { db })).get(tokenId) ?? []
  expect(window.filter(({ calls }) => calls > 0).map(({ calls }) => calls)).toEqual([30, 1])
  expect([window[0]?.day, window[29]?.day]).toEqual([days[1]?.day, days[0]?.day])
})

test('a run that is asked to stop leaves the rest for the next one', async () => {
  await buildUsageHours(owner, tokenId, [{ hour: hourAgo(60) }])
  expect(await pruneUsage({ db, signal: AbortSignal.abort() })).toBe(0)
  expect(await hoursOf()).toBe(1)
})

test('what expired a day ago is no longer walked by lists of live tokens; what may be live is', async () => {
  const expired = async (hours: number) =>
    (await buildToken(owner, { ...pair, createdAt: hourAgo(24 * 300), expiresAt: hourAgo(hours) })).id
  const [longAgo, justNow] = [await expired(25), await expired(1)]
  await pruneUsage({ db })
  const isWalked = (id: string) => count('live_tokens where id = $1', id)
  expect([await isWalked(longAgo), await isWalked(justNow), await isWalked(tokenId)]).toEqual([0, 1, 1])
})
