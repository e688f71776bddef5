import { type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../client.ts'
import { events } from '../schema/events.ts'
import { handovers } from '../schema/handovers.ts'
import { revocations } from '../schema/revocations.ts'
import { tokenAdoptions } from '../schema/token-adoptions.ts'
import { tokens } from '../schema/tokens.ts'
import { isRenewed } from './lines-of-succession.ts'

/** From `after` (not included) to `until` (included). */
export type Window = { after: Date; until: Date }

/** Where the batch before ended: the date that the window is about, and the token. */
export type Cursor = { at: string; id: string }

/** Each reminder of a token has a name of its own and is written once. */
type Batch = { window: Window; key: string; now: Date; cursor: Cursor | null; limit: number }

export type DueToken = Cursor & { storeId: string; partnerId: string; details: Record<string, string> | null }

const at = (date: Date) => sql`${date.toISOString()}::timestamptz`
const inWindow = (column: SQL, { window: { after, until }, cursor }: Batch, id: SQL) =>
  sql`${column} > ${at(after)} and ${column} <= ${at(until)}
    and ${cursor ? sql`(${column}, ${id}) > (${cursor.at}::timestamptz, ${cursor.id}::uuid)` : sql`true`}`

const isNotRevoked = (id: SQL) =>
  sql`not exists (select from ${revocations} where ${revocations.tokenId} = ${id} offset 0)`
const isNotTold = (id: SQL, key: string) =>
  sql`not exists (select from ${events} where ${events.onceKey} = ${key}::text || ':' || ${id} offset 0)`

async function readDue(db: Queryable, query: SQL): Promise<DueToken[]> {
  const { rows } = await db.execute<DueToken>(query)
  return rows
}

/** The key of one token's reminder. */
export const onceKeyOf = (key: string, tokenId: string) => `${key}:${tokenId}`

/**
 * New tokens that are live and expire in the window, or expired in it and were New.
 * @param lifetimeAbove in days: a token that was made for less is not reminded so early.
 */
export async function listTokensExpiringIn(db: Queryable, batch: Batch & { lifetimeAbove: number }) {
  return readDue(
    db,
    sql`
    select token.id, token.expires_at::text as at, token.store_id as "storeId", token.partner_id as "partnerId",
      null as details
    from ${tokens} token
    where ${inWindow(sql`token.expires_at`, batch, sql`token.id`)}
      and token.expires_at - token.created_at > ${batch.lifetimeAbove} * interval '1 day'
      and ${isNotRevoked(sql`token.id`)} and not ${isRenewed(sql`token.id`)}
      and ${isNotTold(sql`token.id`, batch.key)}
    order by token.expires_at, token.id limit ${batch.limit}`,
  )
}

/** Live tokens whose text waits to be collected, and lapses in the window. */
export async function listTokensLapsingIn(db: Queryable, batch: Batch) {
  return readDue(
    db,
    sql`
    select token.id, handover.collect_until::text as at, token.store_id as "storeId", token.partner_id as "partnerId",
      jsonb_build_object('collectUntil', handover.collect_until) as details
    from ${handovers} handover join ${tokens} token on token.id = handover.token_id
    where handover.encrypted_text is not null
      and ${inWindow(sql`handover.collect_until`, batch, sql`handover.token_id`)}
      and token.expires_at > ${at(batch.now)} and ${isNotRevoked(sql`token.id`)}
      and ${isNotTold(sql`token.id`, batch.key)}
    order by handover.collect_until, handover.token_id limit ${batch.limit}`,
  )
}

const unadopted = (batch: Batch) => sql`
  ${isNotRevoked(sql`successor.id`)} and successor.expires_at > ${at(batch.now)}
  and not exists (select from ${tokenAdoptions} where ${tokenAdoptions.tokenId} = successor.id offset 0)
  and ${isNotRevoked(sql`predecessor.id`)} and ${isNotTold(sql`successor.id`, batch.key)}`

const successorColumns = sql`successor.id, successor.store_id as "storeId", successor.partner_id as "partnerId",
  jsonb_build_object('predecessorId', predecessor.id, 'predecessorExpiresAt', predecessor.expires_at) as details`

/**
 * Renewed tokens' successors that were made in the window and never used, while the old token works until after
 * `oldWorksUntil`.
 * @param ids between which all tokens of the window are: their ids begin with the time.
 */
export async function listUnadoptedMadeIn(
  db: Queryable,
  batch: Batch & { ids: { from: string; to: string }; oldWorksUntil: Date },
) {
  return readDue(
    db,
    sql`
    select ${successorColumns}, successor.created_at::text as at
    from ${tokens} successor join ${tokens} predecessor on predecessor.id = successor.predecessor_id
    where successor.id between ${batch.ids.from}::uuid and ${batch.ids.to}::uuid
      and ${inWindow(sql`successor.created_at`, batch, sql`successor.id`)}
      and predecessor.expires_at > ${at(batch.oldWorksUntil)} and ${unadopted(batch)}
    order by successor.created_at, successor.id limit ${batch.limit}`,
  )
}

/** Successors made until `madeUntil` and never used, whose renewed token expires in the window. */
export async function listUnadoptedOfExpiringIn(db: Queryable, batch: Batch & { madeUntil: Date }) {
  return readDue(
    db,
    sql`
    select ${successorColumns}, predecessor.expires_at::text as at
    from ${tokens} predecessor join ${tokens} successor on successor.predecessor_id = predecessor.id
    where ${inWindow(sql`predecessor.expires_at`, batch, sql`successor.id`)}
      and successor.created_at <= ${at(batch.madeUntil)} and ${unadopted(batch)}
    order by predecessor.expires_at, successor.id limit ${batch.limit}`,
  )
}
