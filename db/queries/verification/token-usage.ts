import { and, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { tokenAddresses } from '../../schema/token-addresses.ts'
import { tokenAdoptions } from '../../schema/token-adoptions.ts'
import { tokenUsage } from '../../schema/token-usage.ts'
import { tokenUsageDays } from '../../schema/token-usage-days.ts'
import { tokenUsageHours, type usedApis } from '../../schema/token-usage-hours.ts'
import { tokens } from '../../schema/tokens.ts'
import { inScope, type Party } from '../party.ts'
import { liveSuccessor } from '../tokens/renewal-chains.ts'

type UsedApi = (typeof usedApis)[number]

const today = sql`(now() at time zone 'UTC')::date`

/** Calls of a day (UTC), `day` as in 2026-11-23. */
type CallsOfDay = { day: string; api: UsedApi; calls: number; refusals: number }

/**
 * The calls of the last `days` days, today (UTC) included, of those of the tokens `tokenIds` that are in scope. Read from
 * days and hours in one statement: what moves from one to the other in between is counted once.
 * @returns of each token, whatever it was used for; days without a call are left out.
 */
export async function readCallsOfDays(db: Queryable, scope: Party, tokenIds: string[], days: number) {
  if (tokenIds.length === 0) return []
  const { rows } = await db.execute<{ tokenId: string; today: string; calls: CallsOfDay[] }>(sql`
    select asked.id as "tokenId", ${today}::text as today, coalesce(used.calls, '[]') as calls
    from (${chosen(scope, tokenIds)}) asked cross join lateral (
      select json_agg(json_build_object('day', day, 'api', api, 'calls', calls, 'refusals', refusals)) as calls
      from (
        select day, api, sum(calls) as calls, sum(refusals) as refusals from (
          select ${tokenUsageDays.day}, ${tokenUsageDays.api}, ${tokenUsageDays.calls}, ${tokenUsageDays.refusals}
          from ${tokenUsageDays}
          where ${tokenUsageDays.tokenId} = asked.id and ${tokenUsageDays.day} > ${today} - ${days}::int
          union all
          select (${tokenUsageHours.hour} at time zone 'UTC')::date, ${tokenUsageHours.api}, ${tokenUsageHours.calls},
            ${tokenUsageHours.refusals}
          from ${tokenUsageHours}
          where ${tokenUsageHours.tokenId} = asked.id
            and ${tokenUsageHours.hour} >= (${today} - ${days}::int + 1)::timestamp at time zone 'UTC'
        ) parts group by day, api
      ) of_day
    ) used`)
  return rows
}

const lastDay = sql`now() - interval '24 hours'`

type RecentCalls = {
  tokenId: string
  apis: { api: UsedApi; calls: number }[]
  addresses: number
  successorId: string | null
  successorLastCharacters: string | null
  successorLastUsedAt: string | null
  stillCalling: { address: string; lastUsedAt: string; usesSuccessor: boolean }[]
}

/**
 * Accepted calls of the last 24 hours, the hour in which they began counted whole, of those of the tokens `tokenIds` that
 * are in scope; from how many addresses, counted up to `maxAddresses`; and the live token with which its chain goes on, with
 * the addresses, `maxStillCalling` at most, from which its predecessor was called with since its own first use.
 */
export async function readRecentCalls(
  db: Queryable,
  scope: Party,
  tokenIds: string[],
  { maxAddresses, maxStillCalling }: { maxAddresses: number; maxStillCalling: number },
): Promise<RecentCalls[]> {
  if (tokenIds.length === 0) return []
  const { rows } = await db.execute<RecentCalls>(sql`
    select asked.id as "tokenId", coalesce(called.apis, '[]') as apis, called_from.addresses,
      successor.id as "successorId", successor.last_characters as "successorLastCharacters",
      successor.last_used_at as "successorLastUsedAt", coalesce(still.calling, '[]') as "stillCalling"
    from (${chosen(scope, tokenIds)}) asked
    cross join lateral (
      select json_agg(json_build_object('api', api, 'calls', calls) order by calls desc, api) as apis from (
        select ${tokenUsageHours.api}, sum(${tokenUsageHours.calls}) as calls from ${tokenUsageHours}
        where ${tokenUsageHours.tokenId} = asked.id and ${tokenUsageHours.calls} > 0
          and ${tokenUsageHours.hour} >= date_trunc('hour', ${lastDay}, 'UTC')
        group by ${tokenUsageHours.api}
      ) of_api
    ) called
    cross join lateral (
      select count(*)::int as addresses from (
        select from ${tokenAddresses}
        where ${tokenAddresses.tokenId} = asked.id and ${tokenAddresses.lastUsedAt} > ${lastDay}
        limit ${maxAddresses}
      ) counted
    ) called_from
    left join lateral (
      select ${tokens.id}, ${tokens.lastCharacters}, (
        select ${tokenUsage.lastUsedAt} from ${tokenUsage} where ${tokenUsage.tokenId} = ${tokens.id}
      ) as last_used_at, (
        select ${tokenAdoptions.adoptedAt} from ${tokenAdoptions} where ${tokenAdoptions.tokenId} = ${tokens.id}
      ) as adopted_at
      from (${liveSuccessor(sql`asked.id`)}) live_successor join ${tokens} on ${tokens.id} = live_successor.id
    ) successor on true
    left join lateral (
      select json_agg(json_build_object('address', address, 'lastUsedAt', last_used_at, 'usesSuccessor', exists (
        select from ${tokenAddresses} both_use
        where both_use.token_id = successor.id and both_use.address = calling.address
      )) order by last_used_at desc, address) as calling
      from (
        select ${tokenAddresses.address}, ${tokenAddresses.lastUsedAt} from ${tokenAddresses}
        where ${tokenAddresses.tokenId} = asked.id
          and ${tokenAddresses.lastUsedAt} > coalesce(successor.adopted_at, '-infinity')
        order by ${tokenAddresses.lastUsedAt} desc, ${tokenAddresses.address} limit ${maxStillCalling}
      ) calling
    ) still on successor.id is not null`)
  return rows
}

/**
 * The addresses that used the token, the latest first, each with the days (UTC, as in 2026-11-23) among the last `days`, today
 * included, on which it did; at most `limit`, none where the token is not in scope.
 */
export async function readAddresses(
  db: Queryable,
  scope: Party,
  tokenId: string,
  { limit, days }: { limit: number; days: number },
) {
  const lastDay = sql`(${tokenAddresses.lastUsedAt} at time zone 'UTC')::date`
  const usedDays = sql`coalesce(${tokenAddresses.usedDays}, '{}') + datemultirange(daterange(${lastDay}, ${lastDay}, '[]'))`
  return db
    .select({
      address: tokenAddresses.address,
      lastUsedAt: tokenAddresses.lastUsedAt,
      firstUsedAt: tokenAddresses.firstUsedAt,
      usedOn: sql<string[]>`array(
        select day::text from unnest(${usedDays}) as part
        cross join lateral generate_series(0, upper(part) - lower(part) - 1) as place
        cross join lateral (select lower(part) + place as day) of_part
        where day > ${today} - ${days}::int order by day)`,
    })
    .from(tokenAddresses)
    .where(
      and(
        eq(tokenAddresses.tokenId, tokenId),
        sql`exists (select from ${tokens} where ${and(eq(tokens.id, tokenId), inScope(scope, tokens))})`,
      ),
    )
    .orderBy(sql`${tokenAddresses.lastUsedAt} desc`, tokenAddresses.address)
    .limit(limit)
}

/** Those of `tokenIds` that are in scope. `offset 0` keeps PostgreSQL at looking up the rest token by token. */
function chosen(scope: Party, tokenIds: string[]): SQL {
  return sql`select ${tokens.id} from ${tokens} where ${and(inScope(scope, tokens), inArray(tokens.id, tokenIds))} offset 0`
}
