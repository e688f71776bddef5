import { notInArray, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { auditEvents } from '../../schema/audit-events.ts'
import { cutOffBooks, cutOffs } from '../../schema/cut-offs.ts'
import { events } from '../../schema/events.ts'
import { partners } from '../../schema/partners.ts'
import { type CuttingSide, revocations } from '../../schema/revocations.ts'
import { stores } from '../../schema/stores.ts'
import { tokens } from '../../schema/tokens.ts'
import { extentsAround, inExtent } from './cut-offs.ts'
import { isCutOffBefore, isPausedToTheEndOfMany } from './ends.ts'

export type OpenBooks = {
  cutOffId: string
  storeId: string
  partnerId: string
  /** As PostgreSQL writes it. */
  at: string
  side: CuttingSide
  /** Null: applied again after a restore. */
  userId: string | null
  reason: string
  /** Null: they were not counted yet. */
  tokens: number | null
}

/**
 * The oldest cut-off whose books are open, locked until we commit; those that another worker has in hand are passed over, and
 * `besides`.
 */
export async function lockOpenBooks(
  tx: Queryable,
  { besides }: { besides: string[] },
): Promise<OpenBooks | undefined> {
  const { rows } = await tx.execute<OpenBooks>(sql`
    select cut_off.id as "cutOffId", cut_off.store_id as "storeId", cut_off.partner_id as "partnerId", cut_off.at::text as at,
      cut_off.side, cut_off.user_id as "userId", cut_off.reason, books.tokens::int as tokens
    from ${cutOffBooks} books join ${cutOffs} cut_off on cut_off.id = books.cut_off_id
    where books.finished_at is null and ${notInArray(sql`cut_off.id`, besides)} order by cut_off.at, cut_off.id limit 1
    for update of books skip locked`)
  return rows[0]
}

/**
 * Beside the row `cut_off`: what it ended, and nobody else did before. As `ofOpenCutOff` says it of a page of tokens, but for a
 * million of them: what is written down is left to the planner, and earlier cut-offs are looked up where there may be some only.
 */
const ended = (books: OpenBooks): SQL => {
  const moment = { id: sql`${books.cutOffId}::uuid`, at: sql`${books.at}::timestamptz` }
  return sql`${inExtent(books)} and cut_off.at >= tokens.created_at and cut_off.at < tokens.expires_at
    and not exists (select from ${revocations}
      where ${revocations}.token_id = tokens.id and ${inExtent(books, 'revocations')})
    and not (${mayBeCutOffBefore(books, moment)} and ${isCutOffBefore('tokens', moment)})
    and not ${isPausedToTheEndOfMany('tokens', moment.at)}`
}

/** Asked once for all tokens: of all of the extent until when, and of which of the other side's. */
function mayBeCutOffBefore(books: OpenBooks, { id, at }: { id: SQL; at: SQL }): SQL {
  const before = sql`(${cutOffs}.at, ${cutOffs}.id) < (${at}, ${id})`
  const ofAll = sql`tokens.created_at <= coalesce((
    select max(at) from ${cutOffs} where ${cutOffs}.extent in ${extentsAround(books)} and ${before}), '-infinity')`
  if (books.storeId !== '' && books.partnerId !== '') return ofAll
  const [own, ownId, other] =
    books.storeId === ''
      ? [sql`partner_id`, books.partnerId, sql`store_id`]
      : [sql`store_id`, books.storeId, sql`partner_id`]
  return sql`(${ofAll} or tokens.${other} in (
    select ${cutOffs}.${other} from ${cutOffs} where ${cutOffs}.${own} in ('', ${ownId}) and ${cutOffs}.${other} <> '' and ${before}))`
}

/**
 * Counts what the cut-off ended, and puts one event for each store and each partner concerned into the outbox: of how many
 * tokens, and of how many of the other side. Once, however often it is asked for.
 */
export async function countAndAnnounce(tx: Queryable, books: OpenBooks) {
  const parties = (own: 'store' | 'partner') => {
    const [ownId, otherId, otherName] =
      own === 'store'
        ? (['store_id', 'partner_id', 'partner_name'] as const)
        : (['partner_id', 'store_id', 'store_name'] as const)
    const [ofStore, ofPartner] =
      own === 'store' ? [sql`pair.store_id`, sql`''`] : [sql`''`, sql`pair.partner_id`]
    return sql`
      select ${ofStore} as store_id, ${ofPartner} as partner_id, sum(count) as tokens, count(*) as others,
        nullif(min(cut_off.${sql.identifier(otherId)}), '') as other_id, min(cut_off.${sql.identifier(otherName)}) as other_name
      from pair cross join cut_off group by pair.${sql.identifier(ownId)}`
  }
  await tx.execute(sql`
    with cut_off as materialized (
      select *, (select name from ${stores} where id = store_id) as store_name,
        (select name from ${partners} where id = partner_id) as partner_name
      from ${cutOffs} where id = ${books.cutOffId}
    ), pair as materialized (
      select ${tokens}.store_id, ${tokens}.partner_id, count(*) as count
      from cut_off cross join ${tokens} where ${ended(books)}
      group by ${tokens}.store_id, ${tokens}.partner_id
    ), party as (
      ${parties('store')} union all ${parties('partner')}
    ), announced as (
      insert into ${events}
        (kind, operation_id, occurred_at, store_id, partner_id, side, user_id, user_name, user_email, user_role, details, once_key)
      select 'tokens.cut_off', cut_off.id, cut_off.at, party.store_id, party.partner_id,
        case when cut_off.side <> 'operator' then cut_off.side end, case when cut_off.side <> 'operator' then cut_off.user_id end,
        case when cut_off.side <> 'operator' then cut_off.user_name end,
        case when cut_off.side <> 'operator' then cut_off.user_email end, cut_off.user_role,
        jsonb_strip_nulls(jsonb_build_object('cutOffId', cut_off.id,
          'at', to_char(cut_off.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
          'tokens', party.tokens::text, 'others', party.others::text, 'otherId', party.other_id, 'otherName', party.other_name,
          'reason', cut_off.reason, 'note', cut_off.note, 'byCredential', cut_off.credential_id,
          'by', case when cut_off.side = 'operator' then 'operator' end)),
        'tokens.cut_off:' || cut_off.id || ':' || party.store_id || ':' || party.partner_id
      from party cross join cut_off
      on conflict (once_key) do nothing
    )
    update ${cutOffBooks} set tokens = (select coalesce(sum(count), 0) from pair), others = (select count(*) from pair)
    where cut_off_id = ${books.cutOffId}`)
}

/**
 * Writes the next tokens down that the cut-off ended, each with its revocation and its audit row, in the order in which they
 * were made: one statement, with how far it came. Looks at `limit` tokens at most.
 * @returns those that were written down, and whether that was the end.
 */
export async function writeNextEnds(
  tx: Queryable,
  books: OpenBooks,
  limit: number,
): Promise<{ tokenIds: string[]; isEnd: boolean }> {
  const { rows } = await tx.execute<{ token_ids: string[]; is_end: boolean }>(sql`
    with cut_off as materialized (
      select * from ${cutOffs} where id = ${books.cutOffId}
    ), next as materialized (
      select * from ${tokens}
      where ${inExtent(books)} and created_at <= ${books.at}::timestamptz and (created_at, id) > (
        (select coalesce(last_created_at, '-infinity') from ${cutOffBooks} where cut_off_id = ${books.cutOffId}),
        (select coalesce(last_token_id, '00000000-0000-0000-0000-000000000000') from ${cutOffBooks}
          where cut_off_id = ${books.cutOffId}))
      order by created_at, id limit ${limit}
    ), revoked as (
      insert into ${revocations} (token_id, store_id, partner_id, revoked_at, side, user_id, user_name, user_email, user_role, reason, note)
      select tokens.id, tokens.store_id, tokens.partner_id, cut_off.at, cut_off.side, cut_off.user_id, cut_off.user_name,
        cut_off.user_email, cut_off.user_role, cut_off.reason, cut_off.note
      from cut_off cross join next tokens where ${ended(books)}
      order by tokens.id
      on conflict (token_id) do nothing
      returning token_id, store_id, partner_id
    ), noted as (
      insert into ${auditEvents}
        (occurred_at, action, side, user_id, user_name, user_email, user_role, store_id, partner_id, token_id, reason, note, details)
      select clock_timestamp(), 'token.revoked', case when cut_off.side <> 'operator' then cut_off.side end, cut_off.user_id,
        cut_off.user_name, cut_off.user_email, cut_off.user_role, revoked.store_id, revoked.partner_id, revoked.token_id,
        cut_off.reason, cut_off.note, jsonb_strip_nulls(jsonb_build_object('cutOffId', cut_off.id, 'byCredential', cut_off.credential_id,
          'by', case when cut_off.side = 'operator' then 'operator' end))
      from revoked cross join cut_off
    ), last as (
      select created_at, id from next order by created_at desc, id desc limit 1
    ), came as (
      update ${cutOffBooks} set done = done + (select count(*) from revoked),
        last_created_at = coalesce((select created_at from last), last_created_at),
        last_token_id = coalesce((select id from last), last_token_id),
        finished_at = case when (select count(*) from next) < ${limit} then clock_timestamp() end
      where cut_off_id = ${books.cutOffId}
      returning finished_at is not null as is_end
    )
    select array(select token_id::text from revoked) as token_ids, is_end from came`)
  const [row] = rows
  return { tokenIds: row?.token_ids ?? [], isEnd: row?.is_end ?? true }
}
