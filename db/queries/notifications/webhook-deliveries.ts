import { and, asc, desc, eq, gt, inArray, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { webhookAttempts, webhookDeliveries } from '../../schema/webhook-deliveries.ts'
import { webhookEndpoints } from '../../schema/webhook-endpoints.ts'
import { beyondId } from '../keyset.ts'
import type { Party } from '../party.ts'
import { inOwnScope } from './webhook-endpoints.ts'

export type NewDelivery = Pick<
  typeof webhookDeliveries.$inferInsert,
  'id' | 'endpointId' | 'eventId' | 'kind' | 'payload' | 'createdAt'
>

/** One statement, however many; what an endpoint is to be sent already is left out. */
export async function insertDeliveries(tx: Queryable, list: NewDelivery[]) {
  if (list.length === 0) return
  await tx.execute(sql`
    insert into ${webhookDeliveries} (id, endpoint_id, event_id, kind, payload, created_at)
    select id, "endpointId", "eventId", kind, payload, "createdAt"
    from jsonb_to_recordset(${JSON.stringify(list)}::jsonb) as delivery (
      id uuid, "endpointId" uuid, "eventId" bigint, kind text, payload text, "createdAt" timestamptz)
    on conflict (endpoint_id, event_id) do nothing`)
}

/** Sent though nothing happened. Whoever inserts it holds the endpoint's lock. */
export async function insertTestDelivery(tx: Queryable, delivery: Omit<NewDelivery, 'eventId'>) {
  const { endpointId } = delivery
  const eventId = sql`(select least(min(event_id), 0) - 1 from webhook_deliveries where endpoint_id = ${endpointId})`
  await tx.insert(webhookDeliveries).values({ ...delivery, eventId })
}

/** How many of the kind were written for the endpoint, `limit` at most. */
export async function countDeliveriesSince(
  db: Queryable,
  { endpointId, kind, since, limit }: { endpointId: string; kind: string; since: Date; limit: number },
): Promise<number> {
  const recent = db
    .select({ id: webhookDeliveries.id })
    .from(webhookDeliveries)
    .where(
      and(
        eq(webhookDeliveries.endpointId, endpointId),
        eq(webhookDeliveries.kind, kind),
        gt(webhookDeliveries.createdAt, since),
      ),
    )
    .limit(limit)
    .as('recent')
  const [row] = await db.select({ count: sql<number>`count(*)::int` }).from(recent)
  return row?.count ?? 0
}

/** What the outbox's events can go to: enabled endpoints of these stores and partners. */
export async function listEnabledEndpoints(
  tx: Queryable,
  { storeIds, partnerIds }: { storeIds: string[]; partnerIds: string[] },
) {
  return tx
    .select({
      id: webhookEndpoints.id,
      storeId: webhookEndpoints.storeId,
      partnerId: webhookEndpoints.partnerId,
      kinds: webhookEndpoints.kinds,
    })
    .from(webhookEndpoints)
    .where(
      and(
        isNull(webhookEndpoints.disabledAt),
        isNull(webhookEndpoints.removedAt),
        or(inArray(webhookEndpoints.storeId, storeIds), inArray(webhookEndpoints.partnerId, partnerIds)),
      ),
    )
    .orderBy(asc(webhookEndpoints.id))
}

/**
 * Deliveries whose next attempt is due, by the database's clock: the first due of each endpoint first, so that one with very
 * many, or that answers nobody, holds up its own only. `version` is another one after each attempt and each redelivery.
 * Its cost is that of what is due, however many wait for later, of however many endpoints. Where more are due than `limits.all` it
 * goes from endpoint to endpoint by the index.
 */
export async function listDueDeliveries(db: Queryable, limits: { ofEndpoint: number; all: number }) {
  const isDue = sql`state = 'waiting' and next_attempt_at <= now()`
  const inTime = sql`order by next_attempt_at, id`
  // As `webhook_deliveries_due` has it, which must not offer itself for the order within one endpoint.
  const utc = (time: SQL) => sql`(${time} at time zone 'UTC')`
  const { rows } = await db.execute<{
    id: string
    version: string
    storeId: string | null
    partnerId: string | null
  }>(sql`
    with recursive early as materialized (
      select id, endpoint_id, next_attempt_at, xmin::text as version from ${webhookDeliveries}
      where state = 'waiting' and ${utc(sql`next_attempt_at`)} <= ${utc(sql`now()`)}
      order by ${utc(sql`next_attempt_at`)}, id limit ${limits.all + 1}
    ), waiting (endpoint_id) as (
      (select endpoint_id from ${webhookDeliveries}
        where state = 'waiting' and (select count(*) from early) > ${limits.all} order by endpoint_id limit 1)
      union all
      select (select endpoint_id from ${webhookDeliveries}
        where state = 'waiting' and endpoint_id > waiting.endpoint_id order by endpoint_id limit 1)
      from waiting where endpoint_id is not null
    ), due as (
      select id, endpoint_id, next_attempt_at, version, row_number() over (partition by endpoint_id ${inTime}) as place
      from early where (select count(*) from early) <= ${limits.all}
      union all
      select of_endpoint.id, waiting.endpoint_id, next_attempt_at, version, place
      from waiting, lateral (
        select id, next_attempt_at, xmin::text as version, row_number() over (${inTime}) as place
        from ${webhookDeliveries}
        where ${isDue} and endpoint_id = waiting.endpoint_id
        ${inTime} limit ${limits.ofEndpoint}
      ) of_endpoint
    )
    select due.id, due.version, endpoint.store_id as "storeId", endpoint.partner_id as "partnerId"
    from due cross join lateral (
      select store_id, partner_id from ${webhookEndpoints} where id = due.endpoint_id offset 0
    ) endpoint
    where due.place <= ${limits.ofEndpoint}
    order by due.place, due.next_attempt_at, due.id limit ${limits.all}`)
  return rows
}

/** What is to be sent, and where; nothing where it does not wait, or its endpoint is disabled or removed. */
export async function findWaitingDelivery(db: Queryable, id: string) {
  const [found] = await db
    .select({
      id: webhookDeliveries.id,
      payload: webhookDeliveries.payload,
      attempts: webhookDeliveries.attempts,
      endpointId: webhookEndpoints.id,
      url: webhookEndpoints.url,
      encryptedSecret: webhookEndpoints.encryptedSecret,
    })
    .from(webhookDeliveries)
    .innerJoin(webhookEndpoints, eq(webhookEndpoints.id, webhookDeliveries.endpointId))
    .where(
      and(
        eq(webhookDeliveries.id, id),
        eq(webhookDeliveries.state, 'waiting'),
        isNull(webhookEndpoints.disabledAt),
        isNull(webhookEndpoints.removedAt),
      ),
    )
  return found
}

/**
 * Notes what came of an attempt, and with it what becomes of the delivery: one statement.
 * @param attempt.state of the delivery from now on; one that waits no longer keeps its own unless it was taken.
 */
export async function writeAttempt(
  tx: Queryable,
  attempt: {
    id: string
    deliveryId: string
    attemptedAt: Date
    durationMs: number
    status: number | null
    problem: string | null
    state: 'waiting' | 'delivered' | 'failed'
    /** Of one that waits on; null: there is none. */
    nextAttemptAt: Date | null
  },
) {
  const { state, nextAttemptAt, ...row } = attempt
  await tx.execute(sql`
    with noted as (
      insert into ${webhookAttempts} (id, delivery_id, attempted_at, duration_ms, status, problem)
      values (${row.id}, ${row.deliveryId}, ${row.attemptedAt.toISOString()}::timestamptz, ${row.durationMs},
        ${row.status}, ${row.problem})
    )
    update ${webhookDeliveries} set
      attempts = attempts + 1,
      next_attempt_at = coalesce(${nextAttemptAt?.toISOString() ?? null}::timestamptz, next_attempt_at),
      state = case when state = 'waiting' or ${state} = 'delivered' then ${state} else state end
    where id = ${row.deliveryId}`)
}

/** When the attempts of a delivery began to fail, since it was last taken; nothing where none is noted. */
export async function failedSince(db: Queryable, deliveryId: string): Promise<Date | undefined> {
  const { rows } = await db.execute<{ since: string | null }>(sql`
    select min(attempted_at) as since from ${webhookAttempts} as attempt
    where delivery_id = ${deliveryId} and not exists (
      select from ${webhookAttempts} where delivery_id = ${deliveryId}
        and problem is null and attempted_at >= attempt.attempted_at)`)
  return rows[0]?.since ? new Date(rows[0].since) : undefined
}

/** Of a delivery that waits for an endpoint that is disabled or removed by now. */
export async function giveUpUnsendable(db: Queryable, id: string) {
  await db.execute(sql`
    update ${webhookDeliveries} as delivery set state = 'failed'
    from ${webhookEndpoints} as endpoint
    where delivery.id = ${id} and delivery.state = 'waiting' and endpoint.id = delivery.endpoint_id
      and (endpoint.disabled_at is not null or endpoint.removed_at is not null)`)
}

/** No further attempt is made of what waits for this endpoint. */
export async function giveUpWaiting(tx: Queryable, endpointId: string) {
  await tx
    .update(webhookDeliveries)
    .set({ state: 'failed' })
    .where(and(eq(webhookDeliveries.endpointId, endpointId), eq(webhookDeliveries.state, 'waiting')))
}

/**
 * The delivery with its endpoint, both locked until we commit: the endpoint first, as by everybody who takes both.
 */
export async function lockDelivery(tx: Queryable, scope: Party, id: string) {
  await tx
    .select({ id: webhookEndpoints.id })
    .from(webhookEndpoints)
    .where(
      and(
        inOwnScope(scope),
        inArray(
          webhookEndpoints.id,
          tx
            .select({ id: webhookDeliveries.endpointId })
            .from(webhookDeliveries)
            .where(eq(webhookDeliveries.id, id)),
        ),
      ),
    )
    .for('update')
  const [found] = await tx
    .select({
      id: webhookDeliveries.id,
      state: webhookDeliveries.state,
      endpointId: webhookEndpoints.id,
      url: webhookEndpoints.url,
      disabledAt: webhookEndpoints.disabledAt,
    })
    .from(webhookDeliveries)
    .innerJoin(webhookEndpoints, eq(webhookEndpoints.id, webhookDeliveries.endpointId))
    .where(and(eq(webhookDeliveries.id, id), inOwnScope(scope), isNull(webhookEndpoints.removedAt)))
    .for('update', { of: webhookDeliveries })
  return found
}

/** Due at once, under the same id. */
export async function makeWaitAgain(tx: Queryable, id: string) {
  await tx
    .update(webhookDeliveries)
    .set({ state: 'waiting', nextAttemptAt: sql`now()` })
    .where(eq(webhookDeliveries.id, id))
}

/** The newest first, those older than the delivery `after`. The caller proves whose endpoint it is. */
export async function listDeliveriesOf(
  db: Queryable,
  endpointId: string,
  { after, limit }: { after?: string | undefined; limit: number },
) {
  return db
    .select({
      id: webhookDeliveries.id,
      kind: webhookDeliveries.kind,
      payload: webhookDeliveries.payload,
      createdAt: webhookDeliveries.createdAt,
      state: webhookDeliveries.state,
      attempts: webhookDeliveries.attempts,
    })
    .from(webhookDeliveries)
    .where(and(eq(webhookDeliveries.endpointId, endpointId), beyondId('desc', webhookDeliveries.id, after)))
    .orderBy(desc(webhookDeliveries.id))
    .limit(limit)
}

/** The last attempts of each of the deliveries, the newest first. */
export async function listAttemptsOf(db: Queryable, deliveryIds: string[], limitEach: number) {
  const { rows } = await db.execute<{
    deliveryId: string
    id: string
    attemptedAt: string
    durationMs: number
    status: number | null
    problem: string | null
  }>(sql`
    select attempt.delivery_id as "deliveryId", attempt.id, attempt.attempted_at as "attemptedAt",
           attempt.duration_ms as "durationMs", attempt.status, attempt.problem
    from jsonb_array_elements_text(${JSON.stringify(deliveryIds)}::jsonb) as wanted (id),
      lateral (select * from ${webhookAttempts} where delivery_id = wanted.id::uuid
        order by attempted_at desc limit ${limitEach}) as attempt`)
  return rows.map((row) => ({ ...row, attemptedAt: new Date(row.attemptedAt) }))
}

/** @returns how many, `limit` at most. */
export async function deleteDeliveriesBefore(db: Queryable, before: Date, limit: number) {
  const { rowCount } = await db.execute(sql`
    delete from ${webhookDeliveries} where id in (
      select id from ${webhookDeliveries} where created_at < ${before.toISOString()}::timestamptz
        and state <> 'waiting' order by created_at limit ${limit})`)
  return rowCount ?? 0
}
