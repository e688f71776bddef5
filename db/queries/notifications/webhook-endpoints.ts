import { and, asc, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { webhookEndpoints } from '../../schema/webhook-endpoints.ts'
import { inScope, type Party } from '../party.ts'
import { emailOf } from '../people/users.ts'

export function inOwnScope(scope: Party): SQL {
  return inScope(scope, webhookEndpoints)
}

const columns = {
  id: webhookEndpoints.id,
  url: webhookEndpoints.url,
  kinds: webhookEndpoints.kinds,
  createdAt: webhookEndpoints.createdAt,
  disabledAt: webhookEndpoints.disabledAt,
  createdBy: webhookEndpoints.createdBy,
  createdByName: sql<string>`coalesce(${webhookEndpoints.createdByName}, (select name from users where id = ${webhookEndpoints}.created_by))`,
  createdByEmail: webhookEndpoints.createdByEmail,
  failingSince: webhookEndpoints.failingSince,
  /** Deliveries that were not taken and are tried again, counted to a hundred. */
  retried: sql<number>`(select count(*)::int from (select from webhook_deliveries delivery
      where delivery.endpoint_id = ${webhookEndpoints}.id and delivery.state = 'waiting' and delivery.attempts > 0
      limit 100) retried)`,
  /** Whoever added it still works for the store or partner. */
  isCreatorHere: sql<boolean>`(exists (select from store_members here
      where here.store_id = ${webhookEndpoints}.store_id and here.user_id = ${webhookEndpoints}.created_by)
    or exists (select from partner_members here
      where here.partner_id = ${webhookEndpoints}.partner_id and here.user_id = ${webhookEndpoints}.created_by))`,
}

const notRemoved = (scope: Party) => sql`${inOwnScope(scope)} and ${isNull(webhookEndpoints.removedAt)}`

/** The oldest first. */
export async function listEndpoints(db: Queryable, scope: Party, limit: number) {
  return db
    .select(columns)
    .from(webhookEndpoints)
    .where(notRemoved(scope))
    .orderBy(asc(webhookEndpoints.id))
    .limit(limit)
}

export async function findEndpoint(db: Queryable, scope: Party, id: string) {
  const [found] = await db
    .select(columns)
    .from(webhookEndpoints)
    .where(and(notRemoved(scope), eq(webhookEndpoints.id, id)))
  return found
}

/** Whoever else changes it waits until we commit. */
export async function lockEndpoint(tx: Queryable, scope: Party, id: string) {
  const [found] = await tx
    .select(columns)
    .from(webhookEndpoints)
    .where(and(notRemoved(scope), eq(webhookEndpoints.id, id)))
    .for('update')
  return found
}

export async function insertEndpoint(
  tx: Queryable,
  endpoint: Omit<
    typeof webhookEndpoints.$inferInsert,
    'disabledAt' | 'removedAt' | 'createdByEmail' | 'failingSince'
  >,
) {
  await tx.insert(webhookEndpoints).values({ ...endpoint, createdByEmail: emailOf(endpoint.createdBy) })
}

export async function updateEndpoint(
  tx: Queryable,
  id: string,
  change: Partial<
    Pick<
      typeof webhookEndpoints.$inferInsert,
      'url' | 'kinds' | 'encryptedSecret' | 'disabledAt' | 'removedAt'
    >
  >,
) {
  await tx.update(webhookEndpoints).set(change).where(eq(webhookEndpoints.id, id))
}

const owner = { storeId: webhookEndpoints.storeId, partnerId: webhookEndpoints.partnerId }

/** @returns whose it is, where this call was the first to say so; nothing of one that is disabled or removed. */
export async function markFailing(tx: Queryable, id: string, since: Date) {
  const [marked] = await tx
    .update(webhookEndpoints)
    .set({ failingSince: since })
    .where(
      and(
        eq(webhookEndpoints.id, id),
        isNull(webhookEndpoints.failingSince),
        isNull(webhookEndpoints.disabledAt),
        isNull(webhookEndpoints.removedAt),
      ),
    )
    .returning(owner)
  return marked
}

/** @returns whose it is, where it was failing until this call. */
export async function markReached(tx: Queryable, id: string) {
  const [marked] = await tx
    .update(webhookEndpoints)
    .set({ failingSince: null })
    .where(and(eq(webhookEndpoints.id, id), isNotNull(webhookEndpoints.failingSince)))
    .returning(owner)
  return marked
}
