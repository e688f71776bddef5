import { randomBytes, randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { appRole, connect } from '#db/client.ts'
import { buildAddresses, buildPartner, buildStore, buildToken, grantAccess } from '#tools/seed/builders.ts'
import { seedTokens } from '#tools/seed/many-tokens.ts'
import { untilBlocked } from '#tools/test-databases/blocked-queries.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { dayMs, hourMs } from '../time/units.ts'
import { mintToken } from '../tokens/model/mint.ts'
import type { RecordedCall } from './recorded-call.ts'
import { createUsageRecorder, type UsageRecorder, writeUsesTo } from './usage.ts'

const { db, owner, appUrl } = prepareTestDatabase()
/** A while ago: what a test calls later has passed for the database as well. */
const now = new Date(Date.now() - 2 * hourMs)
const thisHour = new Date(Math.floor(now.getTime() / hourMs) * hourMs)

let pair: { storeId: string; partnerId: string }
let tokenId: string

beforeAll(async () => {
  const [store, partner] = [await buildStore(owner), await buildPartner(owner)]
  await grantAccess(owner, { store, partner })
  pair = { storeId: store.id, partnerId: partner.id }
})

beforeEach(async () => {
  tokenId = await newToken()
})

const newToken = async () => (await buildToken(owner, pair)).id

const recorder = (onError: (error: unknown) => void = failTest) =>
  createUsageRecorder({ write: writeUsesTo(db, { onError }), onError })

function failTest(error: unknown) {
  throw error
}

const call = (overrides: Partial<RecordedCall> = {}): RecordedCall => ({
  tokenId,
  api: 'order',
  cause: null,
  address: '192.0.2.1',
  client: 'sync/1.0',
  at: now,
  ...overrides,
})

async function rows(table: string, id = tokenId) {
  const { rows } = await owner.$client.query(`select * from ${table} where token_id = $1 order by ${table}`, [
    id,
  ])
  return rows.map(({ token_id, ...row }) => row)
}

async function written(usage: UsageRecorder, ...calls: RecordedCall[]) {
  for (const each of calls) usage.record(each)
  await usage.flush()
}

test('accepted and refused calls stand in their hours; the last use with its API, address and client', async () => {
  const usage = recorder()
  await written(usage, call(), call({ api: 'catalog', cause: 'api-not-ticked' }))
  await written(usage, call({ at: new Date(now.getTime() + 1), address: '192.0.2.2', client: 'sync/2.0' }))
  expect(await rows('token_usage_hours')).toEqual([
    { hour: thisHour, api: 'catalog', calls: 0, refusals: 1 },
    { hour: thisHour, api: 'order', calls: 2, refusals: 0 },
  ])
  expect(await rows('token_usage')).toEqual([
    {
      last_used_at: new Date(now.getTime() + 1),
      last_api: 'order',
      last_address: '192.0.2.2',
      last_client: 'sync/2.0',
    },
  ])
  expect((await rows('token_addresses')).map(({ address }) => address)).toEqual(['192.0.2.1', '192.0.2.2'])
  expect(await usage.close()).toBe(0)
})

test('a batch too large for an index is dropped, and the next ones are written', async () => {
  const errors: unknown[] = []
  const usage = recorder((error) => errors.push(error))
  await written(usage, call({ address: randomBytes(10_000).toString('hex') }))
  await written(usage, call())
  expect(errors).toMatchObject([{ code: '54000' }])
  expect((await rows('token_addresses')).map(({ address }) => address)).toEqual(['192.0.2.1'])
  expect(await usage.close()).toBe(0)
})

test('an older moment never replaces a newer one', async () => {
  const usage = recorder()
  const before = new Date(now.getTime() - 5 * hourMs)
  await written(usage, call(), call({ cause: 'revoked', client: 'late' }))
  await written(
    usage,
    call({ at: before, api: 'payment', client: 'early' }),
    call({ at: before, cause: 'revoked', client: 'early', address: '192.0.2.9' }),
  )
  await written(
    usage,
    call({
      at: new Date(now.getTime() - hourMs),
      cause: 'revoked',
      client: 'between',
      address: '192.0.2.8',
    }),
  )
  expect(await rows('token_usage')).toMatchObject([{ last_used_at: now, last_client: 'sync/1.0' }])
  expect(await rows('token_addresses')).toMatchObject([{ address: '192.0.2.1', last_used_at: now }])
  expect(await rows('revoked_token_attempts')).toEqual([
    { attempts: '3', first_at: before, last_at: now, last_address: '192.0.2.1', last_client: 'late' },
  ])
})

test('a gateway whose clock runs ahead dates nothing in the future, and keeps nothing later from being the last', async () => {
  const ahead = (minutes: number) => new Date(Date.now() + minutes * 60_000)
  await written(
    recorder(),
    ...[90, 200].flatMap((minutes) => [
      call({ at: ahead(minutes), client: 'ahead' }),
      call({ at: ahead(minutes), cause: 'revoked', client: 'ahead' }),
    ]),
  )
  const { rows: dates } = await owner.$client.query(
    `select last_used_at <= now() as used, last_at <= now() and first_at <= now() as tried,
       (select bool_and(hour <= now()) from token_usage_hours where token_id = $1) as counted,
       (select bool_and(last_used_at <= now()) from token_addresses where token_id = $1) as addressed
     from token_usage join revoked_token_attempts using (token_id) where token_id = $1`,
    [tokenId],
  )
  expect(dates).toEqual([{ used: true, tried: true, counted: true, addressed: true }])
  expect(await rows('token_usage_hours')).toMatchObject([{ calls: 2, refusals: 2 }])

  const right = { at: new Date(), client: 'right' }
  await written(recorder(), call(right), call({ ...right, cause: 'revoked' }))
  expect(await rows('token_usage')).toMatchObject([{ last_client: 'right' }])
  expect(await rows('revoked_token_attempts')).toMatchObject([{ last_client: 'right' }])
})

test('calls of old hours, written late after an outage, are added to their hours', async () => {
  const old = new Date(now.getTime() - 100 * hourMs)
  await written(recorder(), call({ at: old }))
  await written(recorder(), call({ at: old }), call())
  expect(await rows('token_usage_hours')).toMatchObject([{ calls: 2 }, { hour: thisHour, calls: 1 }])
})

test('a batch that is sent again, because its answer got lost, is counted once', async () => {
  const write = writeUsesTo(db)
  const errors: unknown[] = []
  let lost = 1
  const usage = createUsageRecorder({
    write: async (batch) => {
      await write(batch)
      if (lost-- > 0) throw new Error('Connection terminated')
    },
    onError: (error) => errors.push(error),
  })
  await written(usage, call(), call({ cause: 'revoked' }))
  await written(usage, call())
  expect(await usage.close()).toBe(0)
  expect(errors).toHaveLength(1)
  expect(await rows('token_usage_hours')).toMatchObject([{ calls: 2, refusals: 1 }])
  expect(await rows('revoked_token_attempts')).toMatchObject([{ attempts: '1' }])
})

test('a batch whose connection hangs is counted once, even if it is written after all', async () => {
  const usage = recorder()
  await written(usage, call())
  const connection = await owner.$client.connect()
  try {
    // Holds the row that the batch wants: it waits in the database, and its writer gives it up.
    await connection.query('begin')
    await connection.query('select from token_usage_hours where token_id = $1 for update', [tokenId])
    const errors: unknown[] = []
    const impatient = connect({ url: appUrl, applicationName: 'impatient', queryTimeoutMs: 200 })
    let write = writeUsesTo(impatient)
    const second = createUsageRecorder({
      write: (batch) => write(batch),
      onError: (error) => errors.push(error),
    })
    await written(second, call())
    expect(errors).toHaveLength(1)
    await connection.query('commit')
    // On a busy machine nothing is done within its patience.
    write = writeUsesTo(db)
    expect(await second.close()).toBe(0)
    await impatient.$client.end()
  } finally {
    connection.release()
  }
  expect(await rows('token_usage_hours')).toMatchObject([{ calls: 2 }])
})

test('an outage loses nothing: what was noted is written when the database is back', async () => {
  let away = true
  const errors: unknown[] = []
  const write = writeUsesTo(db)
  const usage = createUsageRecorder({
    write: async (batch) => {
      if (away) throw new Error('connect ECONNREFUSED')
      await write(batch)
    },
    onError: (error) => errors.push(error),
  })
  for (let n = 0; n < 3; n++) await written(usage, call(), call())
  away = false
  expect(await usage.close()).toBe(0)
  expect(errors).toHaveLength(3)
  expect(await rows('token_usage_hours')).toMatchObject([{ calls: 6 }])
})

test('the first accepted call with a token that renewed another one adopts it, once, and is announced', async () => {
  const successor = await buildToken(owner, { ...pair, predecessorId: tokenId })
  const called = (overrides: Partial<RecordedCall>) =>
    written(recorder(), call({ tokenId: successor.id, ...overrides }), call())
  const announced = async () =>
    (await owner.$client.query('select * from events where token_id = any($1)', [[tokenId, successor.id]]))
      .rows
  await called({ cause: 'expired' })
  expect(await rows('token_adoptions', successor.id)).toEqual([])
  await called({})
  await called({ at: new Date(now.getTime() + 1_000) })
  expect(await rows('token_adoptions', successor.id)).toEqual([{ adopted_at: now }])
  expect(await rows('token_adoptions')).toEqual([])
  expect(await announced()).toMatchObject([
    {
      kind: 'token.adopted',
      occurred_at: now,
      store_id: pair.storeId,
      partner_id: pair.partnerId,
      token_id: successor.id,
      details: { predecessorId: tokenId },
    },
  ])
})

test('a token that does not exist harms nobody', async () => {
  const unknown = randomUUID()
  await written(recorder(), call({ tokenId: unknown }), call({ tokenId: unknown, cause: 'revoked' }), call())
  expect(await rows('token_usage_hours')).toMatchObject([{ calls: 1 }])
  for (const table of ['token_usage', 'token_usage_hours', 'token_addresses', 'revoked_token_attempts']) {
    expect(await rows(table, unknown)).toEqual([])
  }
})

test.each([
  ['accepted', [null]],
  ['refused', ['expired' as const]],
  ['tried after their revocation', ['revoked' as const]],
  ['all of it', [null, 'expired' as const, 'revoked' as const]],
])(
  'several processes write tokens that were %s at once: none locks another out, nothing is lost',
  async (_, causes) => {
    const tokenIds = await Promise.all(Array.from({ length: 40 }, newToken))
    const rounds = 12
    const writeAll = async (process: number) => {
      const pool = connect({ url: appUrl, applicationName: `process ${process}`, maxConnections: 1 })
      const usage = createUsageRecorder({ write: writeUsesTo(pool), onError: failTest, maxBatch: 25 })
      for (let round = 0; round < rounds; round++) {
        // Each in an order of its own.
        const ids = process % 2 === 0 ? tokenIds : tokenIds.toReversed()
        const at = new Date(now.getTime() + round * 1_000 + process)
        const address = `192.0.2.${(process + round) % 7}`
        for (const id of ids)
          for (const cause of causes) usage.record(call({ tokenId: id, cause, at, address }))
        await usage.flush()
      }
      const left = await usage.close()
      await pool.$client.end()
      return left
    }
    expect(await Promise.all([0, 1, 2, 3].map(writeAll))).toEqual([0, 0, 0, 0])
    const { rows: sums } = await owner.$client.query(
      `select sum(calls)::int as calls, sum(refusals)::int as refusals,
       (select sum(attempts)::int from revoked_token_attempts where token_id = any($1)) as attempts,
       (select count(*)::int from token_addresses where token_id = any($1)) as addresses,
       (select count(distinct last_used_at)::int from token_usage where token_id = any($1)) as moments
     from token_usage_hours where token_id = any($1)`,
      [tokenIds],
    )
    const each = 4 * rounds * tokenIds.length
    const accepted = causes.includes(null)
    expect(sums).toEqual([
      {
        calls: accepted ? each : 0,
        refusals: each * causes.filter((cause) => cause !== null).length,
        attempts: causes.includes('revoked') ? each : null,
        addresses: accepted ? 7 * tokenIds.length : 0,
        moments: accepted ? 1 : 0,
      },
    ])
  },
)

test('a hundred addresses of a token are kept and one more; those unused for a day make room for new ones', async () => {
  const usage = recorder()
  const come = (from: number, at = now) =>
    written(
      usage,
      ...Array.from({ length: 20 }, (_, n) => call({ address: `2001:db8::${(from + n).toString(16)}`, at })),
    )
  for (let n = 0; n < 5; n++) await come(n * 20)
  const today = (await rows('token_addresses')).map(({ address }) => address)
  for (let n = 5; n < 8; n++) await come(n * 20)
  const stayed = (await rows('token_addresses')).map(({ address }) => address)
  expect(stayed).toHaveLength(101)
  expect(stayed).toEqual(expect.arrayContaining(today))

  tokenId = await newToken()
  const longAgo = new Date(now.getTime() - 30 * hourMs)
  const old = Array.from({ length: 101 }, (_, n) => ({ address: `198.51.100.${n}`, lastUsedAt: longAgo }))
  await buildAddresses(owner, tokenId, old)
  await come(0)
  await come(0)
  const kept = (await rows('token_addresses')).map(({ address }) => address)
  expect(kept).toHaveLength(101)
  expect(kept.filter((address) => address.startsWith('2001:'))).toHaveLength(20)
})

test('old addresses that cannot be forgotten are an error, and the calls are counted once', async () => {
  const longAgo = new Date(now.getTime() - 30 * hourMs)
  const old = Array.from({ length: 101 }, (_, n) => ({ address: `198.51.100.${n}`, lastUsedAt: longAgo }))
  await buildAddresses(owner, tokenId, old)
  await owner.$client.query(`revoke delete on token_addresses from ${appRole}`)
  try {
    const errors: unknown[] = []
    const usage = recorder((error) => errors.push(error))
    await written(usage, call())
    expect(await usage.close()).toBe(0)
    expect(errors).toMatchObject([{ cause: { code: '42501' } }])
  } finally {
    await owner.$client.query(`grant delete on token_addresses to ${appRole}`)
  }
  expect(await rows('token_usage_hours')).toMatchObject([{ calls: 1 }])
})

test('the moment of an address is right to the minute, and not written more often', async () => {
  const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000)
  const usage = recorder()
  await written(usage, call())
  await written(usage, call({ at: later(59) }))
  expect(await rows('token_addresses')).toMatchObject([{ last_used_at: now }])
  await written(usage, call({ at: later(61) }))
  expect(await rows('token_addresses')).toMatchObject([{ last_used_at: later(61) }])
})

test('an address has the days on which it called, and its first moment; days of more than a month ago go', async () => {
  const days = [0, 1, 2, 5, 29, 30].toReversed()
  const usage = recorder()
  for (const daysAgo of days) await written(usage, call({ at: new Date(now.getTime() - daysAgo * dayMs) }))
  const dayOf = (daysAgo: number) => new Date(now.getTime() - daysAgo * dayMs).toISOString().slice(0, 10)
  expect(await rows('token_addresses')).toEqual([
    {
      address: '192.0.2.1',
      last_used_at: now,
      first_used_at: new Date(now.getTime() - 30 * dayMs),
      used_days: `{${[
        `[${dayOf(29)},${dayOf(28)})`,
        `[${dayOf(5)},${dayOf(4)})`,
        `[${dayOf(2)},${dayOf(-1)})`,
      ].join(',')}}`,
    },
  ])
})

test('what the version before wrote of an address is gone on with', async () => {
  const before = new Date(now.getTime() - dayMs)
  await buildAddresses(owner, tokenId, [{ address: '192.0.2.1', lastUsedAt: before }])
  await written(recorder(), call())
  const day = now.toISOString().slice(0, 10)
  const next = new Date(now.getTime() + dayMs).toISOString().slice(0, 10)
  expect(await rows('token_addresses')).toEqual([
    { address: '192.0.2.1', last_used_at: now, first_used_at: null, used_days: `{[${day},${next})}` },
  ])
})

test('the later moment of an address stays, also where two processes meet it at once', async () => {
  const later = new Date(now.getTime() + 600_000)
  const connection = await owner.$client.connect()
  try {
    await connection.query('begin')
    await connection.query(
      'insert into token_addresses (token_id, address, last_used_at) values ($1, $2, $3)',
      [tokenId, '192.0.2.1', later],
    )
    const writing = written(recorder(), call())
    await untilBlocked(owner)
    await connection.query('commit')
    await writing
  } finally {
    connection.release()
  }
  expect(await rows('token_addresses')).toMatchObject([{ address: '192.0.2.1', last_used_at: later }])
})

test('10,000 tokens are written by one flush', async () => {
  const by = { id: randomUUID(), name: 'nobody' }
  const ids = await seedTokens(owner, {
    count: 10_000,
    seed: 'usage',
    mint: mintToken,
    pairs: [pair],
    states: ['live'],
    revokedBy: { side: 'merchant', by },
    record: 'facts-only',
  })
  const usage = recorder()
  // New rows, and then more calls in them.
  for (let round = 0; round < 2; round++) {
    for (const id of ids) usage.record(call({ tokenId: id }))
    await usage.flush()
  }
  const { rows: sums } = await owner.$client.query(
    'select sum(calls)::int as calls, count(*)::int as rows from token_usage_hours where token_id = any($1)',
    [ids],
  )
  expect(sums).toEqual([{ calls: 20_000, rows: 10_000 }])
})
