import { type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Queryable } from '../../client.ts'
import { gatewayProcesses } from '../../schema/gateway-processes.ts'
import { refusalProofs } from '../../schema/refusal-proofs.ts'
import { tokenAddresses } from '../../schema/token-addresses.ts'
import { tokenUsageDays } from '../../schema/token-usage-days.ts'
import { tokenUsageHours } from '../../schema/token-usage-hours.ts'
import { usageWriters } from '../../schema/usage-writers.ts'

/**
 * Moves up to `limit` hours that are older than `hours` to their days (UTC), in one statement: who reads both
 * tables in one statement finds every call once. Hours that are just being written stay for the next time.
 * @returns how many were moved.
 */
export async function moveHoursToDays(db: Queryable, hours: number, limit: number): Promise<number> {
  const { rows } = await db.execute<{ count: number }>(sql`
    with moved as (
      delete from ${tokenUsageHours} where ctid = any(array(
        select ctid from ${tokenUsageHours} where ${tokenUsageHours.hour} < now() - make_interval(hours => ${hours})
        order by ${tokenUsageHours.hour} limit ${limit} for update skip locked
      ))
      returning token_id, (hour at time zone 'UTC')::date as day, api, calls, refusals
    ), added as (
      insert into ${tokenUsageDays} (token_id, day, api, calls, refusals)
      select token_id, day, api, sum(calls), sum(refusals) from moved group by token_id, day, api
      order by token_id, day, api
      on conflict (token_id, day, api) do update set calls = token_usage_days.calls + excluded.calls,
        refusals = token_usage_days.refusals + excluded.refusals
    )
    select count(*)::int as count from moved`)
  return rows[0]?.count ?? 0
}

/** Deletes up to `limit` rows that are older than so many days. Answers how many there were. */
type Pruning = (db: Queryable, days: number, limit: number) => Promise<number>

const before = (days: number) => sql`now() - make_interval(days => ${days})`

export const pruneDays: Pruning = (db, days, limit) =>
  prune(
    db,
    tokenUsageDays,
    sql`${tokenUsageDays.day} < (now() at time zone 'UTC')::date - ${days}::int`,
    limit,
  )

export const pruneAddresses: Pruning = (db, days, limit) =>
  prune(db, tokenAddresses, sql`${tokenAddresses.lastUsedAt} < ${before(days)}`, limit)

/** With their answers. Nobody changes a question, and nobody may: its row is not locked first. */
export const pruneProofs: Pruning = async (db, days, limit) => {
  const { rowCount } = await db.execute(sql`
    delete from ${refusalProofs} where id = any(array(
      select id from ${refusalProofs} where ${refusalProofs.askedAt} < ${before(days)} limit ${limit}
    ))`)
  return rowCount ?? 0
}

/** By the time since they were last heard of. */
export const pruneProcesses: Pruning = (db, days, limit) =>
  prune(db, gatewayProcesses, sql`${gatewayProcesses.heartbeatAt} < ${before(days)}`, limit)

export const pruneWriters: Pruning = (db, days, limit) =>
  prune(db, usageWriters, sql`${usageWriters.writtenAt} < ${before(days)}`, limit)

/**
 * Never waits for a row, so that it cannot hold up, or be held up by, who is writing it. Asks for the age once more: where the
 * table has partitions one `ctid` is a row of each.
 */
async function prune(db: Queryable, table: PgTable, old: SQL, limit: number): Promise<number> {
  const { rowCount } = await db.execute(sql`
    delete from ${table} where ${old} and ctid = any(array(
      select ctid from ${table} where ${old} limit ${limit} for update skip locked
    ))`)
  return rowCount ?? 0
}
