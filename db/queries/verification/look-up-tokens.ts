import type { Database } from '../../client.ts'
import type { apis } from '../../schema/partner-access.ts'
import type { packages } from '../../schema/stores.ts'

export type LookedUpToken = {
  tokenId: string
  storeId: string
  partnerId: string
  apis: readonly (typeof apis)[number][]
  package: (typeof packages)[number]
  createdAt: Date
  expiresAt: Date
  revoked: boolean
  /** And not revoked; by the database's clock. */
  expired: boolean
  /** Until when at least one side has paused it, by the database's clock; null: it is not paused, or is worth nothing anyway. */
  pausedUntil: Date | null
}

/**
 * Of the token's pair, store and partner each: the first cut-off since it was made was made before it expired. By extent and moment
 * together, in the order of the index of both: its first row is the answer, however many cut-offs there are.
 */
const isCutOff = [
  "tokens.store_id || ' ' || tokens.partner_id",
  "tokens.store_id || ' '",
  "' ' || tokens.partner_id",
]
  .map(
    (
      extent,
    ) => `coalesce((select cut_offs.extent = ${extent} and cut_offs.at < tokens.expires_at from public.cut_offs
        where (cut_offs.extent, cut_offs.at) >= (${extent}, tokens.created_at)
        order by cut_offs.extent, cut_offs.at limit 1), false)`,
  )
  .join('\n      or ')

/**
 * Of a token that was ever paused: of the last pause of each side that nobody resumed the time until which it holds (seconds since 1970),
 * `revoked` where one ended so, and nothing where none holds.
 */
const pause = `(
      select case
        when bool_or(pause.ends_as = 'revoked' and pause.ends_at <= statement_timestamp() and pause.ends_at < tokens.expires_at)
          then 'revoked'
        else date_part('epoch', max(pause.ends_at) filter (where pause.ends_at > statement_timestamp()))::text end
      from (values ('merchant'), ('partner')) by_side (side) cross join lateral (
        select * from public.pauses where pauses.token_id = tokens.id and pauses.side = by_side.side
        order by pauses.number desc limit 1) pause
      where (select true from public.resumes where resumes.token_id = pause.token_id and resumes.side = pause.side
        and resumes.number = pause.number) is null)`

const isRecorded = '(select true from public.revocations where revocations.token_id = tokens.id)'
const isExpired = 'tokens.expires_at <= statement_timestamp()'

/**
 * There may be more to know of the token than its own row and its revocation: its store was cut off since it was made, from all partners or from
 * one, or its partner was, or it was paused once. The partner is asked for only where any partner was cut off at all stores since then.
 */
const mayBeStopped = `(select true from public.cut_offs
        where cut_offs.store_id = tokens.store_id and cut_offs.at >= tokens.created_at limit 1)
      or ((select at from public.cut_offs where store_id = '' order by at desc limit 1) >= tokens.created_at
        and (select true from public.cut_offs
          where cut_offs.store_id = '' and cut_offs.partner_id = tokens.partner_id and cut_offs.at >= tokens.created_at limit 1))
      or (select true from public.pauses where pauses.token_id = tokens.id limit 1)`

/** `live`, `expired`, `revoked`, or `open`: what is quickly found does not settle it. */
const firstState = `case
      when ${isRecorded} then 'revoked'
      when ${mayBeStopped} then 'open'
      when ${isExpired} then 'expired'
      else 'live' end`

/** Of any token, by all that is known: `live`, `expired`, `revoked`, or the time until which it is paused (seconds since 1970). */
const settledState = `case
      when ${isRecorded} or ${isCutOff} then 'revoked'
      else (
        select case when judged.pause = 'revoked' then 'revoked' when ${isExpired} then 'expired' else coalesce(judged.pause, 'live') end
        from (select ${pause} as pause) judged) end`

/**
 * Every column is as of this statement's own snapshot, and so is the clock that judges the expiry. One text a
 * row, of parts that have no spaces, and the number of the hash: reading ten columns of many rows cost most.
 */
export const lookUpBy = (state: string) => `
  select concat_ws(' ', asked.number, tokens.id, tokens.store_id, tokens.partner_id, stores.package,
    date_part('epoch', tokens.created_at), date_part('epoch', tokens.expires_at), ${state},
    array_to_string(partner_access.apis, ','))
  from unnest($1::bytea[]) with ordinality as asked (hash, number)
  join public.tokens on tokens.hash = asked.hash
  join public.stores on stores.id = tokens.store_id
  left join public.partner_access
    on partner_access.store_id = tokens.store_id and partner_access.partner_id = tokens.partner_id`

/** What each call asks. PostgreSQL sets up each part of a statement for each query: what is seldom needed stands in `settlingStatement`. */
export const lookUpStatement = lookUpBy(firstState)
export const settlingStatement = lookUpBy(settledState)

/**
 * For connections that look up and nothing else: planned once, and by the indexes however few rows there are.
 * Planning at every query took four times as long as the query.
 */
export const lookUpSettings = `
  set plan_cache_mode = force_generic_plan;
  set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off`

/**
 * A connection to a replica is refused like a database that is away (25006: read only). Asked once a connection:
 * what becomes a replica is restarted for it.
 */
export const refuseReplica = `
  do $$ begin
    if pg_is_in_recovery() then
      raise exception 'The database is a replica, which learns late of revocations' using errcode = '25006';
    end if;
  end $$`

/** The next look-up on this connection is planned for the tables as they are by then. */
export async function planLookUpsAnew(db: Database) {
  await db.$client.query('discard plans')
}

/**
 * What is known of the tokens with these hashes (64 hexadecimal digits each), in their order; `undefined` for
 * one that is nobody's. Throws what pg throws. On a time-out the pool destroys the connection.
 */
export async function lookUpTokens(
  db: Database,
  hashes: readonly string[],
): Promise<(LookedUpToken | undefined)[]> {
  const found = await ask(db, { name: 'look-up-tokens', text: lookUpStatement }, hashes)
  const open = found.flatMap((parts, n) => (parts?.state === 'open' ? [n] : []))
  if (open.length > 0) {
    // What was committed before the call is seen by a later query as well.
    const asked = open.map((n) => hashes[n] as string)
    const settled = await ask(db, { name: 'settle-tokens', text: settlingStatement }, asked)
    for (const [at, n] of open.entries()) found[n] = settled[at]
  }
  return found.map((parts) => parts && readToken(parts))
}

/** A named statement is parsed and planned once a connection; drizzle would build its text every time. */
type Named = { name: string; text: string }

async function ask(db: Database, statement: Named, hashes: readonly string[]) {
  const { rows } = await db.$client.query<[string]>({
    ...statement,
    values: [byteaArray(hashes)],
    rowMode: 'array',
  })
  const found = new Array<Parts | undefined>(hashes.length).fill(undefined)
  for (const [text] of rows) {
    const parts = partsOf(text)
    found[parts.number - 1] = parts
  }
  return found
}

function byteaArray(hashes: readonly string[]): string {
  return hashes.length === 0 ? '{}' : `{"\\\\x${hashes.join('","\\\\x')}"}`
}

type Parts = ReturnType<typeof partsOf>

function partsOf(text: string) {
  const [number, tokenId, storeId, partnerId, ofStore, created, expires, state, list = ''] = text.split(
    ' ',
  ) as [string, string, string, string, LookedUpToken['package'], string, string, string, string?]
  return { number: Number(number), tokenId, storeId, partnerId, ofStore, created, expires, state, list }
}

const statesWithoutTime = ['live', 'expired', 'revoked']

function readToken({
  tokenId,
  storeId,
  partnerId,
  ofStore,
  created,
  expires,
  state,
  list,
}: Parts): LookedUpToken {
  return {
    tokenId,
    storeId,
    partnerId,
    apis: list === '' ? [] : (list.split(',') as LookedUpToken['apis'][number][]),
    package: ofStore,
    createdAt: momentOf(created),
    expiresAt: momentOf(expires),
    revoked: state === 'revoked',
    expired: state === 'expired',
    pausedUntil: statesWithoutTime.includes(state) ? null : momentOf(state),
  }
}

/** Of seconds since 1970, to the millisecond that the database keeps. */
function momentOf(seconds: string): Date {
  return new Date(Math.round(Number(seconds) * 1000))
}
