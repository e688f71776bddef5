import { and, desc, eq, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { cutOffBooks, cutOffs } from '../../schema/cut-offs.ts'
import { partnerAccess } from '../../schema/partner-access.ts'
import { partners } from '../../schema/partners.ts'
import { refusalProofAnswers, refusalProofs } from '../../schema/refusal-proofs.ts'
import { stores } from '../../schema/stores.ts'
import { tokenUsage } from '../../schema/token-usage.ts'
import { tokenUsageHours } from '../../schema/token-usage-hours.ts'
import { tokens } from '../../schema/tokens.ts'
import type { Party } from '../party.ts'
import { emailOf } from '../people/users.ts'
import {
  concerns,
  isCutOff,
  isCutOffBefore,
  isPausedToTheEnd,
  isPausedToTheEndOfMany,
  isRecorded,
} from './ends.ts'
import { isAnyOpen } from './walked-tokens.ts'

/** Of a store, of a partner, or of the pair: '' stands for every one of them. */
export type CutOffExtent = { storeId: string; partnerId: string }

/** Any number that no other lock has; migration 0033 has it too. */
const issuingLock = 1_409_300_529

/**
 * Who makes tokens takes this before they read anything, and holds it until they commit. A cut-off waits for them, and they for
 * it: what they read and what they make comes wholly before it, or wholly after it.
 */
export async function lockIssuing(tx: Queryable) {
  await tx.execute(sql`select pg_advisory_xact_lock_shared(${issuingLock})`)
}

/** The database's time for a new token: later than every cut-off, whatever the clock says. To be asked under {@link lockIssuing}. */
export const issueTime = sql`(select greatest(clock_timestamp()::timestamptz(3), max(at) + interval '1 millisecond') from ${cutOffs})`

/** The same, right now. */
export async function timeOfIssue(tx: Queryable): Promise<Date> {
  const { rows } = await tx.execute<{ now: string }>(sql`select ${issueTime} as now`)
  return new Date(rows[0]?.now ?? Number.NaN)
}

/** Nobody issues until we commit: who is at it is waited for. To be taken before the cut-off is written, in a statement of its own. */
export async function lockForCutOff(tx: Queryable) {
  await tx.execute(sql`select pg_advisory_xact_lock(${issuingLock})`)
}

/** Tokens that belong to it, by the columns of `alias`. */
export const inExtent = ({ storeId, partnerId }: CutOffExtent, alias = 'tokens'): SQL => {
  const of = sql.identifier(alias)
  const ofStore = storeId === '' ? undefined : sql`${of}.store_id = ${storeId}`
  const ofPartner = partnerId === '' ? undefined : sql`${of}.partner_id = ${partnerId}`
  if (ofStore && ofPartner) return sql`${ofStore} and ${ofPartner}`
  const one = ofStore ?? ofPartner
  // Never everything.
  if (!one) throw new Error('a cut-off of nobody')
  return one
}

export type NewCutOff = CutOffExtent &
  Pick<typeof cutOffs.$inferInsert, 'id' | 'side' | 'userRole' | 'credentialId' | 'reason' | 'note'> & {
    userId: string
    userName: string
  }

/**
 * Ends everything of the extent that was issued by now: one row, and one that the worker's books begin with. Under
 * {@link lockForCutOff}. Its moment is the clock's, or that of the newest token where the clock was set back since.
 * @returns that moment.
 */
export async function insertCutOff(tx: Queryable, cutOff: NewCutOff): Promise<Date> {
  const { id, storeId, partnerId, side, userId, userName, userRole, credentialId, reason, note } = cutOff
  const { rows } = await tx.execute<{ at: string }>(sql`
    with made as (
      insert into ${cutOffs} (id, store_id, partner_id, at, side, user_id, user_name, user_email, user_role, credential_id, reason, note)
      select ${id}::uuid, ${storeId}, ${partnerId}, greatest(clock_timestamp()::timestamptz(3), (
          select created_at from ${tokens} where ${inExtent(cutOff)} order by created_at desc, id desc limit 1)),
        ${side}, ${userId}::uuid, ${userName}, ${emailOf(userId)}, ${userRole ?? null},
        ${credentialId ?? null}::uuid, ${reason}, ${note ?? null}
      returning id, at
    ), begun as (
      insert into ${cutOffBooks} (cut_off_id) select id from made
    )
    select at from made`)
  return new Date(rows[0]?.at ?? Number.NaN)
}

/**
 * The last cut-off that covers all of the extent, where nothing of it was issued since: another one would end nothing. To be asked
 * under {@link lockForCutOff}.
 */
export async function findCutOffOfAll(tx: Queryable, extent: CutOffExtent) {
  const [last] = await tx
    .select()
    .from(cutOffs)
    .where(sql`${cutOffs}.extent in ${extentsAround(extent)}`)
    .orderBy(desc(cutOffs.at), desc(cutOffs.id))
    .limit(1)
  if (!last) return undefined
  const { rows } = await tx.execute<{ later: boolean }>(sql`
    select exists (select from ${tokens} where ${inExtent(extent)} and created_at > ${last.at.toISOString()}::timestamptz) as later`)
  return rows[0]?.later ? undefined : last
}

/** As `cut_offs.extent` has them: itself, and what it is a part of. */
export const extentsAround = ({ storeId, partnerId }: CutOffExtent) =>
  [...new Set([`${storeId} ${partnerId}`, `${storeId} `, ` ${partnerId}`])].filter((text) => text !== ' ')

/**
 * Of whole stores and partners, or of pairs (`ofPairs`), by one party or one operator within `minutes`: how many seconds until one
 * of `most` is so long ago; 0 where fewer were made.
 */
export async function secondsUntilNextCutOff(
  tx: Queryable,
  by: Party | { side: 'operator'; userId: string },
  { ofPairs, most, minutes }: { ofPairs: boolean; most: number; minutes: number },
): Promise<number> {
  const theirs =
    by.side === 'operator'
      ? sql`user_id = ${by.userId}`
      : by.side === 'merchant'
        ? sql`store_id = ${by.storeId}`
        : sql`partner_id = ${by.partnerId}`
  const window = sql`${minutes}::int * interval '1 minute'`
  const { rows } = await tx.execute<{ seconds: number }>(sql`
    select ceil(extract(epoch from at + ${window} - clock_timestamp()))::int as seconds from ${cutOffs}
    where side = ${by.side} and ${theirs} and (store_id <> '' and partner_id <> '') = ${ofPairs}
      and at > clock_timestamp() - ${window} and at < clock_timestamp() + ${window}
    order by at desc offset ${most - 1} limit 1`)
  return Math.max(rows[0]?.seconds ?? 0, 0)
}

export async function findCutOff(db: Queryable, id: string) {
  const [found] = await db.select().from(cutOffs).where(eq(cutOffs.id, id))
  return found
}

/**
 * Some of the tokens that it ended, the newest: their refusal proves it. What another one before had ended is not among them.
 * Where that was about all of the extent, nothing older than it is looked at: who cuts off twice waits for no walk of them all.
 */
export async function sampleOfCutOff(
  db: Queryable,
  { cutOffId, at, ...extent }: CutOffExtent & { cutOffId: string; at: Date },
  limit: number,
): Promise<string[]> {
  const id = sql`${cutOffId}::uuid`
  const moment = sql`${at.toISOString()}::timestamptz`
  const { rows } = await db.execute<{ id: string }>(sql`
    select id from ${tokens}
    where ${inExtent(extent)} and created_at <= ${moment} and expires_at > ${moment} and not ${isRecorded('tokens')}
      and created_at > (
        select coalesce(max(at), '-infinity') from ${cutOffs}
        where extent in ${extentsAround(extent)} and (at, id) < (${moment}, ${id}))
      and not ${isCutOffBefore('tokens', { id, at: moment })} and not ${isPausedToTheEnd('tokens', moment)}
    order by created_at desc, id desc limit ${limit}`)
  return rows.map(({ id }) => id)
}

/** '' where it is about every one of them. */
export type NamesOfExtent = { storeName: string; partnerName: string }

/** What the store and the partner are called; nothing where there is no such store, partner, or pair in an access list ever. */
export async function findNamesOfExtent(
  db: Queryable,
  { storeId, partnerId }: CutOffExtent,
): Promise<NamesOfExtent | undefined> {
  const { rows } = await db.execute<NamesOfExtent>(
    storeId !== '' && partnerId !== ''
      ? sql`select ${stores.name} as "storeName", ${partners.name} as "partnerName"
          from ${partnerAccess} join ${stores} on ${stores.id} = ${partnerAccess.storeId}
            join ${partners} on ${partners.id} = ${partnerAccess.partnerId}
          where ${partnerAccess.storeId} = ${storeId} and ${partnerAccess.partnerId} = ${partnerId}`
      : storeId !== ''
        ? sql`select name as "storeName", '' as "partnerName" from ${stores} where id = ${storeId}`
        : sql`select '' as "storeName", name as "partnerName" from ${partners} where id = ${partnerId}`,
  )
  return rows[0]
}

/**
 * Of the tokens of the extent that have not expired, `limit` at most are looked at, the soonest to expire first: how many that
 * was, how many of them are live, with how many pairs, how many of those were used in the last 24 hours, and how many calls of
 * theirs were accepted in that time, the hour in which it began counted whole.
 */
export async function reviewExtent(db: Queryable, extent: CutOffExtent, limit: number) {
  const { rows } = await db.execute<{
    looked: number
    tokens: number
    others: number
    used: number
    calls: number
  }>(sql`
    with looked as materialized (
      select id, store_id, partner_id, created_at, expires_at from ${tokens}
      where ${inExtent(extent)} and expires_at > now() order by expires_at, id limit ${limit}
    ), live as materialized (
      select tokens.*, (select last_used_at > now() - interval '24 hours' from ${tokenUsage} where token_id = tokens.id) as is_used,
        (select coalesce(sum(calls), 0) from ${tokenUsageHours} where token_id = tokens.id
          and hour >= date_trunc('hour', now() - interval '24 hours', 'UTC')) as calls
      from looked tokens where not ${isRecorded('tokens')} and not (${isAnyOpen} and ${isCutOff('tokens')})
        and not ${isPausedToTheEndOfMany('tokens')}
    )
    select (select count(*)::int from looked) as looked, count(*)::int as tokens, count(distinct (store_id, partner_id))::int as others,
      count(*) filter (where is_used)::int as used, coalesce(sum(calls), 0)::float8 as calls from live`)
  return rows[0] ?? { looked: 0, tokens: 0, others: 0, used: 0, calls: 0 }
}

/** Gateways that refuse all of the tokens that they were asked about, and such that would have accepted one. */
type CutOffProof = { tokens: number; servers: number; accepting: number }

/**
 * The cut-offs that concern the party, the last first. `isOwn`: all of its tokens are the party's own, so that their number is
 * its own as well. A person's address is for their own side, an operator's name for nobody.
 */
export async function listCutOffsOf(
  db: Queryable,
  party: Party | 'everybody',
  limit: number,
  before?: PlaceOfCutOff,
) {
  return readCutOffs(db, party, { limit, before })
}

/** A cut-off behind which a page of them begins. */
export type PlaceOfCutOff = { at: Date; id: string }

/** One of them; nothing where there is none that concerns the party. */
export async function findCutOffOf(db: Queryable, party: Party | 'everybody', id: string) {
  const [found] = await readCutOffs(db, party, { id, limit: 1 })
  return found
}

async function readCutOffs(
  db: Queryable,
  party: Party | 'everybody',
  { id, limit, before }: { id?: string; limit: number; before?: PlaceOfCutOff | undefined },
) {
  const own =
    party === 'everybody'
      ? sql`true`
      : party.side === 'merchant'
        ? sql`${cutOffs}.store_id = ${party.storeId}`
        : sql`${cutOffs}.partner_id = ${party.partnerId}`
  const side = party === 'everybody' ? 'operator' : party.side
  return db
    .select({
      id: cutOffs.id,
      storeId: cutOffs.storeId,
      partnerId: cutOffs.partnerId,
      /** '' for every one of them. */
      storeName: sql<string>`coalesce((select name from ${stores} where id = ${cutOffs}.store_id), '')`,
      partnerName: sql<string>`coalesce((select name from ${partners} where id = ${cutOffs}.partner_id), '')`,
      at: cutOffs.at,
      from: cutOffs.side,
      by: sql<
        string | null
      >`case when ${cutOffs}.side <> 'operator' or ${side} = 'operator' then ${cutOffs}.user_name end`,
      byEmail: sql<string | null>`case when ${cutOffs}.side = ${side} then ${cutOffs}.user_email end`,
      byRole: cutOffs.userRole,
      reason: cutOffs.reason,
      note: cutOffs.note,
      isOwn: sql<boolean>`${own}`,
      tokens: cutOffBooks.tokens,
      done: cutOffBooks.done,
      finishedAt: cutOffBooks.finishedAt,
      /** What the gateways answered that were asked right then, as long as it is kept: how many, of how many tokens. */
      proof: sql<CutOffProof | null>`(
        select json_build_object('tokens', cardinality(${refusalProofs.tokenIds}),
          'servers', count(*) filter (where ${refusalProofAnswers.accepted} = 0),
          'accepting', count(*) filter (where ${refusalProofAnswers.accepted} > 0))
        from ${refusalProofs} join ${refusalProofAnswers} on ${refusalProofAnswers.proofId} = ${refusalProofs.id}
        where ${refusalProofs.cutOffId} = ${cutOffs}.id
          and ${refusalProofs.askedAt} between ${cutOffs}.at and ${cutOffs}.at + interval '1 minute'
        group by ${refusalProofs.id} order by ${refusalProofs.askedAt} limit 1)`,
      /** The database's time of this answer. */
      asOf: sql<Date>`now()`.mapWith(cutOffs.at),
    })
    .from(cutOffs)
    .innerJoin(cutOffBooks, eq(cutOffBooks.cutOffId, cutOffs.id))
    .where(
      and(
        party === 'everybody' ? undefined : concerns(party),
        id === undefined ? undefined : eq(cutOffs.id, id),
        before &&
          sql`(${cutOffs.at}, ${cutOffs.id}) < (${before.at.toISOString()}::timestamptz, ${before.id}::uuid)`,
      ),
    )
    .orderBy(desc(cutOffs.at), desc(cutOffs.id))
    .limit(limit)
}
