import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { v7 } from 'uuid'
import type { Queryable } from '#db/client.ts'
import { dayMs } from '#lib/time/units.ts'
import type { Author, TokenSecret } from './builders.ts'

const rowsPerStatement = 10_000

/** `successor`: renews the token that was seeded before it for the same store and partner. */
export type SeededState = 'live' | 'successor' | 'expiring' | 'expired' | 'revoked'

type Pair = { storeId: string; partnerId: string }
/** From, until. */
type Span = readonly [Date, Date]

export type ManyTokensOptions = {
  count: number
  /** The same seed makes the same tokens; two seedings of one database need different ones. */
  seed: string
  /** `mintToken` of lib, so that every token can be presented. */
  mint: (random: Buffer) => TokenSecret
  /** Dealt out one after the other. */
  pairs: readonly Pair[]
  /** What each pair receives, over and over. */
  states?: readonly SeededState[]
  revokedBy: Author
  /** `facts-only` leaves out the audit rows. */
  record?: 'complete' | 'facts-only'
  /** Of how many days up to their last use the used ones have calls; of none by default. */
  daysOfCalls?: number
  /** For all tokens, in place of what their states ask for. */
  createdWithin?: Span
  expiresWithin?: Span
  now?: Date
  onProgress?: (done: number) => void
}

const ordinaryStates: readonly SeededState[] = [
  'live',
  'successor',
  'live',
  'expiring',
  'live',
  'live',
  'expired',
  'live',
  'successor',
  'revoked',
]

/** Of the n-th token of a seeding: the same seed makes the same tokens. */
function randomOf(seed: string, n: number): Buffer {
  return createHash('sha256').update(`${seed} ${n}`).digest()
}

/**
 * Any number of tokens, a million in well under a minute; the access list has to have their pairs. About
 * half of those not expired were used in the last 20 days. Returns the ids, in the order of their numbers.
 */
export async function seedTokens(db: Queryable, options: ManyTokensOptions): Promise<string[]> {
  const now = options.now ?? new Date()
  const ids: string[] = []
  let rows = await nextRows(options, ids, now)
  while (rows.length > 0) {
    // The next rows are made while the database writes these.
    const [next] = await Promise.all([nextRows(options, ids, now), insertRows(db, rows, options)])
    options.onProgress?.(ids.length - next.length)
    rows = next
  }
  return ids
}

async function nextRows(options: ManyTokensOptions, ids: string[], now: Date): Promise<SeededToken[]> {
  await setImmediate()
  const rows = []
  const until = Math.min(ids.length + rowsPerStatement, options.count)
  for (let n = ids.length; n < until; n++) {
    const row = seededToken(options, n, now, ids[n - options.pairs.length])
    ids.push(row.id)
    rows.push(row)
  }
  return rows
}

async function insertRows(db: Queryable, rows: SeededToken[], options: ManyTokensOptions) {
  await insertTokens(db, rows)
  await insertUsage(db, rows)
  if (options.daysOfCalls) await insertCalls(db, rows, options.daysOfCalls)
  await insertRevocations(db, rows, options.revokedBy)
  if (options.record !== 'facts-only') await insertAuditEvents(db, rows, options.revokedBy)
}

type SeededToken = ReturnType<typeof seededToken>

function seededToken(options: ManyTokensOptions, n: number, now: Date, previousId: string | undefined) {
  const { pairs, states = ordinaryStates, seed } = options
  const random = randomOf(seed, n)
  const state = states[(Math.floor(n / pairs.length) + (n % pairs.length)) % states.length] as SeededState
  const successorOf = state === 'successor' ? previousId : undefined
  const { createdWithin, expiresWithin } = spansOf(state, now)
  const createdAt = momentWithin(options.createdWithin ?? createdWithin, random.readUInt32LE(0))
  const expiresAt = momentWithin(options.expiresWithin ?? expiresWithin, random.readUInt32LE(4))
  const wasUsed = expiresAt > now && random.readUInt8(8) < 128
  return {
    id: v7({ msecs: createdAt.getTime(), random: random.subarray(16) }),
    ...options.mint(random),
    ...(pairs[n % pairs.length] as Pair),
    predecessorId: successorOf ?? null,
    createdAt,
    expiresAt,
    lastUsedAt: wasUsed ? momentWithin([daysFrom(now, -20), now], random.readUInt32LE(9)) : null,
    revokedAt: state === 'revoked' ? momentWithin([createdAt, now], random.readUInt32LE(12)) : null,
  }
}

/** An original is created in the first half of the last 300 days, a successor in the second. */
function spansOf(state: SeededState, now: Date): { createdWithin: Span; expiresWithin: Span } {
  const created: Span = [daysFrom(now, -300), daysFrom(now, -150)]
  const fiveYears: Span = [daysFrom(now, 31), daysFrom(now, 1826)]
  switch (state) {
    case 'live':
    case 'revoked':
      return { createdWithin: created, expiresWithin: fiveYears }
    case 'successor':
      return { createdWithin: [daysFrom(now, -150), daysFrom(now, -1)], expiresWithin: fiveYears }
    case 'expiring':
      return { createdWithin: created, expiresWithin: [daysFrom(now, 1), daysFrom(now, 30)] }
    case 'expired':
      return { createdWithin: created, expiresWithin: [daysFrom(now, -149), daysFrom(now, -1)] }
  }
}

async function insertTokens(db: Queryable, rows: SeededToken[]) {
  const column = columnOf(rows)
  await db.execute(sql`
    insert into tokens (id, hash, last_characters, store_id, partner_id, predecessor_id, created_at, expires_at)
    select * from unnest(
      ${column('id')}::uuid[], ${column('hash')}::bytea[], ${column('lastCharacters')}::text[],
      ${column('storeId')}::text[], ${column('partnerId')}::text[], ${column('predecessorId')}::uuid[],
      ${column('createdAt')}::timestamptz[], ${column('expiresAt')}::timestamptz[])`)
}

async function insertUsage(db: Queryable, rows: SeededToken[]) {
  const column = columnOf(rows.filter((row) => row.lastUsedAt))
  await db.execute(sql`
    insert into token_usage (token_id, last_used_at)
    select * from unnest(${column('id')}::uuid[], ${column('lastUsedAt')}::timestamptz[])`)
}

async function insertCalls(db: Queryable, rows: SeededToken[], days: number) {
  const column = columnOf(rows.filter((row) => row.lastUsedAt))
  await db.execute(sql`
    insert into token_usage_days (token_id, day, api, calls, refusals)
    select id, (last_used_at at time zone 'UTC')::date - n, 'order', 24 + n, 0
    from unnest(${column('id')}::uuid[], ${column('lastUsedAt')}::timestamptz[]) as used (id, last_used_at)
    cross join generate_series(0, ${days - 1}::int) n`)
}

async function insertRevocations(db: Queryable, rows: SeededToken[], { side, by }: Author) {
  const column = columnOf(rows.filter((row) => row.revokedAt))
  await db.execute(sql`
    insert into revocations (token_id, store_id, partner_id, revoked_at, side, user_id, reason)
    select id, store_id, partner_id, revoked_at, ${side}, ${by.id}::uuid, 'no-longer-working-together'
    from unnest(
      ${column('id')}::uuid[], ${column('storeId')}::text[], ${column('partnerId')}::text[],
      ${column('revokedAt')}::timestamptz[]) as seeded (id, store_id, partner_id, revoked_at)`)
}

async function insertAuditEvents(db: Queryable, rows: SeededToken[], { side, by }: Author) {
  const column = columnOf(rows)
  await db.execute(sql`
    with seeded as materialized (
      select * from unnest(
        ${column('id')}::uuid[], ${column('storeId')}::text[], ${column('partnerId')}::text[],
        ${column('predecessorId')}::uuid[], ${column('createdAt')}::timestamptz[],
        ${column('revokedAt')}::timestamptz[]
      ) as seeded (id, store_id, partner_id, predecessor_id, created_at, revoked_at)
    )
    insert into audit_events
      (occurred_at, action, side, user_id, user_name, store_id, partner_id, token_id, reason, details)
    select created_at, 'token.issued', null, null::uuid, null, store_id, partner_id, id, null,
      case when predecessor_id is not null then jsonb_build_object('predecessorId', predecessor_id) end
    from seeded
    union all
    select created_at, 'token.renewed', null, null, null, store_id, partner_id, predecessor_id, null,
      jsonb_build_object('successorId', id)
    from seeded where predecessor_id is not null
    union all
    select revoked_at, 'token.revoked', ${side}, ${by.id}::uuid, ${by.name}, store_id, partner_id, id,
      'no-longer-working-together', null
    from seeded where revoked_at is not null`)
}

/** One array parameter for each column: Drizzle would spread a bare array over a parameter for each row. */
const columnOf = (rows: SeededToken[]) => (name: keyof SeededToken) => sql.param(rows.map((row) => row[name]))

function momentWithin([from, until]: Span, random: number): Date {
  return new Date(from.getTime() + Math.floor(((until.getTime() - from.getTime()) * random) / 2 ** 32))
}

function daysFrom(now: Date, days: number): Date {
  return new Date(now.getTime() + days * dayMs)
}
