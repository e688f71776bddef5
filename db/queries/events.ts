import { sql } from 'drizzle-orm'
import type { Queryable } from '../client.ts'
import { events } from '../schema/events.ts'

export type NewEvent = Pick<
  typeof events.$inferInsert,
  | 'kind'
  | 'deedId'
  | 'occurredAt'
  | 'storeId'
  | 'partnerId'
  | 'tokenId'
  | 'side'
  | 'userId'
  | 'userName'
  | 'details'
  | 'onceKey'
>

/** One statement, however many. Those whose `onceKey` is known already are left out. */
export async function insertEvents(tx: Queryable, list: NewEvent[]) {
  if (list.length === 0) return
  await tx.execute(sql`
    insert into ${events}
      (kind, deed_id, occurred_at, store_id, partner_id, token_id, side, user_id, user_name, details, once_key)
    select kind, "deedId", "occurredAt", "storeId", "partnerId", "tokenId", side, "userId", "userName", details, "onceKey"
    from jsonb_to_recordset(${JSON.stringify(list)}::jsonb) as event (
      kind text, "deedId" uuid, "occurredAt" timestamptz, "storeId" text, "partnerId" text, "tokenId" uuid,
      side text, "userId" uuid, "userName" text, details jsonb, "onceKey" text)
    on conflict (once_key) do nothing`)
}
