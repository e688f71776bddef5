import { and, asc, gt, inArray, isNull, lte, not, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { events } from '../../schema/events.ts'
import { emailOf } from '../people/users.ts'

export type NewEvent = Pick<
  typeof events.$inferInsert,
  | 'kind'
  | 'operationId'
  | 'occurredAt'
  | 'storeId'
  | 'partnerId'
  | 'tokenId'
  | 'side'
  | 'userId'
  | 'userName'
  | 'userRole'
  | 'details'
  | 'onceKey'
>

/** One statement, however many. Those whose `onceKey` is known already are left out. */
export async function insertEvents(tx: Queryable, list: NewEvent[]) {
  if (list.length === 0) return
  await tx.execute(sql`
    insert into ${events}
      (kind, operation_id, occurred_at, store_id, partner_id, token_id, side, user_id, user_name, user_email, user_role, details, once_key)
    select kind, "operationId", "occurredAt", "storeId", "partnerId", "tokenId", side, "userId", "userName", ${emailOf(sql`"userId"`)}, "userRole",
      details, "onceKey"
    from jsonb_to_recordset(${JSON.stringify(list)}::jsonb) as event (
      kind text, "operationId" uuid, "occurredAt" timestamptz, "storeId" text, "partnerId" text, "tokenId" uuid,
      side text, "userId" uuid, "userName" text, "userRole" text, details jsonb, "onceKey" text)
    on conflict (once_key) do nothing`)
}

export type OutboxEvent = typeof events.$inferSelect

/**
 * Any number that no other lock has, the same everywhere. One transaction at a time dispatches: otherwise an operation could be
 * dispatched in two halves.
 */
const dispatchLock = 1_409_300_528
/** How far apart the events of one operation may stand, with those of others between them. */
const operationReach = 20_000

/** False while another worker dispatches. Until the transaction ends. */
export async function tryDispatchLock(tx: Queryable): Promise<boolean> {
  const { rows } = await tx.execute<{ locked: boolean }>(
    sql`select pg_try_advisory_xact_lock(${dispatchLock}) as locked`,
  )
  return rows[0]?.locked ?? false
}

/**
 * The oldest events that are not dispatched, and with them the rest of their operations, in their order.
 * @param without operations that are left for later.
 */
export async function takeEvents(
  tx: Queryable,
  { without, limit }: { without: string[]; limit: number },
): Promise<OutboxEvent[]> {
  const isLeft = sql`${events.operationId} in (select value::uuid from jsonb_array_elements_text(${JSON.stringify(without)}::jsonb))`
  const first = await tx
    .select()
    .from(events)
    .where(and(isNull(events.dispatchedAt), not(isLeft)))
    .orderBy(asc(events.id))
    .limit(limit)
    .for('update', { skipLocked: true })
  const last = first.at(-1)
  if (!last || first.length < limit) return first
  const operationIds = [...new Set(first.map(({ operationId }) => operationId))]
  const rest = await tx
    .select()
    .from(events)
    .where(
      and(
        isNull(events.dispatchedAt),
        gt(events.id, last.id),
        lte(events.id, last.id + operationReach),
        inArray(events.operationId, operationIds),
      ),
    )
    .orderBy(asc(events.id))
    .for('update', { skipLocked: true })
  return [...first, ...rest]
}

export async function markDispatched(tx: Queryable, ids: number[]) {
  await tx.execute(sql`
    update ${events} set dispatched_at = clock_timestamp()
    where id in (select value::bigint from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`)
}

/** @returns how many, `limit` at most. */
export async function deleteEventsDispatchedBefore(db: Queryable, before: Date, limit: number) {
  const { rowCount } = await db.execute(sql`
    delete from ${events} where id in (
      select id from ${events} where dispatched_at < ${before.toISOString()}::timestamptz order by dispatched_at limit ${limit})`)
  return rowCount ?? 0
}
