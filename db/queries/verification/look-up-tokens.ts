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
  /** Until when at least one side has paused it, by the database's clock; null: it is not paused, or revoked as the pause ended. */
  pausedUntil: Date | null
  /** By the database's clock. */
  expired: boolean
}

/**
 * Of the token's pair, store and partner each: the first cut-off since it was made was made before it expired. By extent and moment
 * together, in the order of the index of both: its first row is the answer, however many cut-offs there are.
 */
export const cutOffsCondition = [
  "tokens.store_id || ' ' || tokens.partner_id",
  "tokens.store_id || ' '",
  "' ' || tokens.partner_id",
]
  .map(
    (extent) => `
      or coalesce((select cut_offs.extent = ${extent} and cut_offs.at < tokens.expires_at from public.cut_offs
        where (cut_offs.extent, cut_offs.at) >= (${extent}, tokens.created_at)
        order by cut_offs.extent, cut_offs.at limit 1), false)`,
  )
  .join('')

/**
 * Of a token that was ever paused: of the last pause of each side that nobody resumed the time until which it holds (seconds since 1970),
 * `revoked` where one ended so, and `-` where there is nothing. Of all others one look into an index finds nothing.
 */
export const pauseColumn = `coalesce((
      select (
        select case
          when bool_or(pause.ends_as = 'revoked' and pause.ends_at <= statement_timestamp() and pause.ends_at < tokens.expires_at)
            then 'revoked'
          else date_part('epoch', max(pause.ends_at) filter (where pause.ends_at > statement_timestamp()))::text end
        from (values ('merchant'), ('partner')) by_side (side) cross join lateral (
          select * from public.pauses where pauses.token_id = tokens.id and pauses.side = by_side.side
          order by pauses.number desc limit 1) pause
        where (select true from public.resumes where resumes.token_id = pause.token_id and resumes.side = pause.side
          and resumes.number = pause.number) is null)
      from public.pauses any_pause where any_pause.token_id = tokens.id limit 1), '-')`

/**
 * Every column is as of this statement's own snapshot, and so is the clock that judges the expiry. One text a
 * row, of parts that have no spaces, and the number of the hash: reading ten columns of many rows cost most.
 */
export const lookUpStatement = `
  select concat_ws(' ', asked.number, tokens.id, tokens.store_id, tokens.partner_id,
    (select package from public.stores where stores.id = tokens.store_id),
    date_part('epoch', tokens.created_at), date_part('epoch', tokens.expires_at),
    (select true from public.revocations where revocations.token_id = tokens.id) is not null${cutOffsCondition},
    tokens.expires_at <= statement_timestamp(), ${pauseColumn},
    (select array_to_string(apis, ',') from public.partner_access
      where partner_access.store_id = tokens.store_id and partner_access.partner_id = tokens.partner_id))
  from unnest($1::bytea[]) with ordinality as asked (hash, number)
  join public.tokens on tokens.hash = asked.hash`

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
  // A named statement is parsed and planned once a connection; drizzle would build its text every time.
  const { rows } = await db.$client.query<[string]>({
    name: 'look-up-tokens',
    text: lookUpStatement,
    values: [byteaArray(hashes)],
    rowMode: 'array',
  })
  const found = new Array<LookedUpToken | undefined>(hashes.length)
  for (const [text] of rows) {
    const parts = text.split(' ')
    found[Number(parts[0]) - 1] = readToken(parts)
  }
  return found
}

function byteaArray(hashes: readonly string[]): string {
  return hashes.length === 0 ? '{}' : `{"\\\\x${hashes.join('","\\\\x')}"}`
}

function readToken(parts: string[]): LookedUpToken {
  const [, tokenId, storeId, partnerId, storePackage, created, expires, revoked, expired, pause, list = ''] =
    parts as [
      string,
      string,
      string,
      string,
      LookedUpToken['package'],
      string,
      string,
      string,
      string,
      string,
      string?,
    ]
  return {
    tokenId,
    storeId,
    partnerId,
    apis: list === '' ? [] : (list.split(',') as LookedUpToken['apis'][number][]),
    package: storePackage,
    createdAt: momentOf(created),
    expiresAt: momentOf(expires),
    revoked: revoked === 't' || pause === 'revoked',
    pausedUntil: pause === '-' || pause === 'revoked' ? null : momentOf(pause),
    expired: expired === 't',
  }
}

/** Of seconds since 1970, to the millisecond that the database keeps. */
function momentOf(seconds: string): Date {
  return new Date(Math.round(Number(seconds) * 1000))
}
