import { and, eq, lte, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { endingSides, reasons, revocations } from '../../schema/revocations.ts'
import { tokens } from '../../schema/tokens.ts'
import { asId, beyond, ways } from '../keyset.ts'
import { inScope, type Party } from '../party.ts'
import { firstEnd, isUnwritten, openCutOffs, unwrittenPauseEnds } from './ends.ts'
import { isFound } from './found-tokens.ts'
import { matchesSearch } from './matching-tokens.ts'
import { countIds, keysOf, type PageRequest } from './page-requests.ts'
import type { EndedFilter } from './token-filters.ts'
import { isOfParty, isToken } from './token-search.ts'
import { notRevoked, readTokens } from './tokens.ts'

/**
 * That it has expired, in a form that no index starts from. Where a cursor says where to start, PostgreSQL may start from the other
 * bound of the same column instead and walk all the way to the cursor.
 */
const expiredAsFilter = sql`${tokens.expiresAt} - now() <= interval '0'`

type EndedPageRequest = PageRequest & { filter?: EndedFilter }

/** Tokens that were revoked, those of a cut-off from its first moment on, or have expired, by the time of their end. */
export async function listEndedTokens(db: Queryable, scope: Party, page: EndedPageRequest) {
  return readTokens(db, scope, endedIds(scope, page))
}

/** How many there are in all, counted up to `limit`. */
export async function countEndedTokens(db: Queryable, scope: Party, page: Omit<EndedPageRequest, 'after'>) {
  return countIds(db, endedIds(scope, page))
}

/** The ids of {@link listEndedTokens}, for who reads a list whole. */
export function endedIds(scope: Party, page: EndedPageRequest): SQL {
  const { reason, by, found: of } = page.filter ?? {}
  const isOfReason = (ended: SQL) =>
    reason && (reason === 'none' ? sql`${ended} is null` : sql`${ended} = ${reason}`)
  const isOfSide = (ended: SQL) => by && sql`${ended} = ${by}`
  const { order } = ways[page.direction]
  const after = (time: SQL, id: SQL) => beyond(page.direction, [time, id], page.after && keysOf(page.after))
  const { search } = page
  // What was found is few, whatever else is searched for among it.
  const oneByOne = of
    ? and(isFound(of), search && matchesSearch(scope, search))
    : search && isToken(scope, search)
  const found: SQL[] = []
  if (oneByOne) {
    const end = sql`coalesce(${revocations.revokedAt}, cut_off.at, ${tokens.expiresAt})`
    const where = and(
      inScope(scope, tokens),
      oneByOne,
      sql`(coalesce(${revocations.revokedAt}, cut_off.at) is not null or ${tokens.expiresAt} <= now())`,
      reason && sql`coalesce(${revocations.revokedAt}, cut_off.at) is not null`,
      isOfReason(
        sql`case when ${revocations.tokenId} is null then cut_off.reason else ${revocations.reason} end`,
      ),
      by === 'expiry'
        ? sql`coalesce(${revocations.revokedAt}, cut_off.at) is null`
        : isOfSide(sql`coalesce(${revocations.side}, cut_off.side)`),
      after(end, sql`${tokens.id}`),
    )
    found.push(sql`(select ${tokens.id} as id, ${end} as at
      from ${tokens} left join ${revocations} on ${eq(revocations.tokenId, tokens.id)}
        left join lateral (${firstEnd('tokens')}) cut_off on true
      where ${where} order by ${order(end)}, ${order(tokens.id)} limit ${page.limit})`)
  }
  if (!of && (!search || search.ofParty !== null)) {
    const searched = search?.ofParty ? isOfParty(scope, search.ofParty) : undefined
    const ofRevoked =
      searched &&
      sql`exists (select from ${tokens} where ${and(eq(tokens.id, revocations.tokenId), searched)})`
    const cutOff = and(
      inScope(scope, tokens),
      isUnwritten,
      searched,
      after(sql`cut_off.at`, sql`${tokens.id}`),
    )
    const expired = and(
      inScope(scope, tokens),
      page.after && page.direction === 'desc' ? expiredAsFilter : lte(tokens.expiresAt, sql`now()`),
      notRevoked,
      searched,
      after(sql`${tokens.expiresAt}`, sql`${tokens.id}`),
    )
    const cutOffs = and(isOfReason(sql`cut_off.reason`), isOfSide(sql`cut_off.side`)) ?? sql`true`
    const pausedToTheEnd =
      and(
        isOfReason(sql`tokens.end_reason`),
        isOfSide(sql`tokens.ended_from`),
        searched,
        after(sql`tokens.ended_at`, sql`tokens.id`),
      ) ?? sql`true`
    if (by !== 'expiry')
      found.push(
        sql`(${revokedOnes(scope, page, ofRevoked)})`,
        sql`(select of_cut_off.id, cut_off.at from (${openCutOffs(scope)}) cut_off cross join lateral (
            select ${tokens.id} from ${tokens} where ${cutOff} order by ${order(tokens.id)} limit ${page.limit}
          ) of_cut_off where ${cutOffs}
          order by ${order(sql`cut_off.at`)}, ${order(sql`of_cut_off.id`)} limit ${page.limit})`,
        sql`(select tokens.id, tokens.ended_at from (${unwrittenPauseEnds(scope)}) tokens where ${pausedToTheEnd}
          order by ${order(sql`tokens.ended_at`)}, ${order(sql`tokens.id`)} limit ${page.limit})`,
      )
    if (!reason && (by === undefined || by === 'expiry'))
      found.push(
        sql`(select ${tokens.id} as id, ${tokens.expiresAt} as at from ${tokens} where ${expired}
          order by ${order(tokens.expiresAt)}, ${order(tokens.id)} limit ${page.limit})`,
      )
    if (found.length === 0) return sql`select ${tokens.id} as id from ${tokens} where false`
  }
  return sql`select id from (${sql.join(found, sql` union `)}) ended
    order by ${order(sql`at`)}, ${order(sql`id`)} limit ${page.limit}`
}

/**
 * By their time. Where the filter asks for a side or a reason, each side is walked with each reason by itself, by an index that has
 * both before the time: they are bounds of it, by which no other index can begin.
 */
function revokedOnes(scope: Party, page: EndedPageRequest, condition: SQL | undefined): SQL {
  const { order } = ways[page.direction]
  const { reason, by } = page.filter ?? {}
  const time = [revocations.revokedAt, revocations.tokenId]
  const last = page.after && keysOf(page.after)
  const walk = (keys: SQLWrapper[], where: SQL | undefined) => sql`
    select ${revocations.tokenId} as id, ${revocations.revokedAt} as at from ${revocations}
    where ${and(inScope(scope, revocations), where, condition)}
    order by ${sql.join(
      keys.map((key) => order(key)),
      sql`, `,
    )} limit ${page.limit}`
  if (!reason && !by) return walk(time, beyond(page.direction, time, last))
  const causes = (by === undefined ? endingSides : [by]).flatMap((side) =>
    (reason ? [reason] : [...reasons, 'none']).map(
      (of) => sql`(${side}::text, ${of === 'none' ? '' : of}::text)`,
    ),
  )
  const cause = [revocations.side, sql`coalesce(${revocations.reason}, '')`]
  const { at, id } = ends[page.direction]
  const ofCause = and(
    beyond(page.direction, [...cause, ...time], [sql`cause.side`, sql`cause.reason`, ...(last ?? [at, id])]),
    sql`(${sql.join(cause, sql`, `)}) ${page.direction === 'asc' ? sql`<=` : sql`>=`} (cause.side, cause.reason)`,
  )
  return sql`select of_cause.* from (values ${sql.join(causes, sql`, `)}) cause (side, reason)
    cross join lateral (${walk([...cause, ...time], ofCause)}) of_cause`
}

/** Before all moments and ids of a direction. */
const ends = {
  asc: { at: sql`'-infinity'::timestamptz`, id: asId('00000000-0000-0000-0000-000000000000') },
  desc: { at: sql`'infinity'::timestamptz`, id: asId('ffffffff-ffff-ffff-ffff-ffffffffffff') },
}
