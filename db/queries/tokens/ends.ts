import { type SQL, sql } from 'drizzle-orm'
import { cutOffBooks, cutOffs } from '../../schema/cut-offs.ts'
import { partnerAccess } from '../../schema/partner-access.ts'
import { pauseBooks, pauses, resumes } from '../../schema/pauses.ts'
import { revocations } from '../../schema/revocations.ts'
import { tokens } from '../../schema/tokens.ts'
import { inScope, type Party } from '../party.ts'

/**
 * Where a token is said to be revoked: by its own row of `revocations`, or by a cut-off, or by the end of a pause, that nobody has
 * written down for it yet. `alias` is the name of the table of tokens in the query. `offset 0` keeps PostgreSQL at looking up row by row: left to
 * choose, it may read the whole table once for a page.
 */

/**
 * The cut-offs that ended the token of `alias`, as rows `first_cut_off`: of its pair, its store and its partner the first each
 * that was made since it was, with `limited` of those only. The queries around have a `cut_off` of their own, which `limited`
 * may name. The three are asked for one by one, by extent and moment together, so that no index but that of both can answer, and
 * its first row is the answer however many cut-offs there are. By two columns, or by the time, PostgreSQL walked all of them for
 * each token.
 */
const firstOfEach = (alias: string, limited = sql`true`): SQL => {
  const token = sql.identifier(alias)
  return sql`(values (${token}.store_id || ' ' || ${token}.partner_id), (${token}.store_id || ' '), (' ' || ${token}.partner_id)
    ) asked (extent)
    cross join lateral (
      select * from ${cutOffs} where (${cutOffs}.extent, ${cutOffs}.at) >= (asked.extent, ${token}.created_at)
      order by ${cutOffs}.extent, ${cutOffs}.at limit 1
    ) first_cut_off
    where first_cut_off.extent = asked.extent and first_cut_off.at < ${token}.expires_at and ${limited}`
}

/**
 * The last pause of each side of the token of `alias` that nobody resumed, as rows `pause`: of an earlier one nothing can come any more
 * (a trigger holds that). One look into the index where the token was never paused.
 */
const lastPauses = (alias: string): SQL => {
  const tokenId = sql`${sql.identifier(alias)}.id`
  return sql`(select from ${pauses} any_pause where any_pause.token_id = ${tokenId} limit 1) was_paused
    cross join (values ('merchant'), ('partner')) asked (side)
    cross join lateral (
      select * from ${pauses} where ${pauses}.token_id = ${tokenId} and ${pauses}.side = asked.side
      order by ${pauses}.number desc limit 1
    ) pause
    where not exists (
      select from ${resumes} where ${resumes}.token_id = pause.token_id and ${resumes}.side = pause.side
        and ${resumes}.number = pause.number offset 0)`
}

/**
 * The pauses of the token of `alias` at this moment, or at `at`, as rows `pause`: of one side or both. By the time of the statement, as
 * the look-up judges it: within a transaction the clock goes on.
 */
export const openPauses = (alias: string, at = sql`statement_timestamp()`): SQL =>
  sql`${lastPauses(alias)} and pause.ends_at > ${at}`

/** The side had paused it, and not resumed it, at a moment that is over. */
export const wasPausedAt = (alias: string, side: Party['side'], at: SQL): SQL =>
  sql`exists (select from ${pauses} pause where pause.token_id = ${sql.identifier(alias)}.id and pause.side = ${side}
    and pause.begun_at <= ${at} and pause.ends_at > ${at} and not exists (
      select from ${resumes} where ${resumes}.token_id = pause.token_id and ${resumes}.side = pause.side
        and ${resumes}.number = pause.number and ${resumes}.resumed_at <= ${at} offset 0) offset 0)`

/** The other side than `side` paused it, and nobody resumed it. */
export const isPausedByOthers = (alias: string, side: Party['side']): SQL =>
  sql`exists (select from ${openPauses(alias)} and pause.side <> ${side} offset 0)`

/** Pauses that came to their end by `until` and revoked the token of `alias`, unless it had expired by then; rows `pause`. */
const pausesToTheEnd = (alias: string, until = sql`statement_timestamp()`): SQL =>
  sql`${lastPauses(alias)} and pause.ends_as = 'revoked' and pause.ends_at <= ${until}
    and pause.ends_at < ${sql.identifier(alias)}.expires_at`

/** A pause that ended by `until` revoked it: whether that is written down or not, and whatever else ended it. */
export const isPausedToTheEnd = (alias: string, until?: SQL): SQL =>
  sql`exists (select from ${pausesToTheEnd(alias, until)} offset 0)`

/** The same for queries of many tokens: whether anything was ever paused is asked once, and not once a token. */
export const isPausedToTheEndOfMany = (alias: string, until?: SQL): SQL =>
  sql`((select exists (select from ${pauses})) and ${isPausedToTheEnd(alias, until)})`

/** It has a row of its own. */
export const isRecorded = (alias: string): SQL =>
  sql`exists (select from ${revocations} where ${revocations}.token_id = ${sql.identifier(alias)}.id offset 0)`

export const isCutOff = (alias: string): SQL => sql`exists (select from ${firstOfEach(alias)} offset 0)`

/** Something ended it that may have no row of its own. */
export const isCutOffOrPausedToTheEnd = (alias: string): SQL =>
  sql`exists (select 1 from ${firstOfEach(alias)} union all select 1 from ${pausesToTheEnd(alias)})`

/** One question, which the planner takes for one condition. */
export const isRevoked = (alias: string): SQL =>
  sql`exists (select 1 from ${revocations} where ${revocations}.token_id = ${sql.identifier(alias)}.id
    union all select 1 from ${firstOfEach(alias)}
    union all select 1 from ${pausesToTheEnd(alias)})`

export const isNotRevoked = (alias: string): SQL => sql`not ${isRevoked(alias)}`

/** A cut-off before `cutOff`, which is an id and a moment, ended the token of `alias`. */
export const isCutOffBefore = (alias: string, cutOff: { id: SQL; at: SQL }): SQL =>
  sql`exists (select from ${firstOfEach(alias, sql`(first_cut_off.at, first_cut_off.id) < (${cutOff.at}, ${cutOff.id})`)} offset 0)`

/**
 * In a query that has `tokens`, beside a row `cut_off` of `cut_offs`: that ended the token, and nobody before it. For ever so: of
 * what the books wrote as well.
 */
export const isEndedByCutOff = sql`cut_off.store_id in (tokens.store_id, '') and cut_off.partner_id in (tokens.partner_id, '')
  and tokens.created_at <= cut_off.at and tokens.expires_at > cut_off.at
  and not exists (select from ${revocations} where ${revocations}.token_id = tokens.id and ${revocations}.revoked_at < cut_off.at offset 0)
  and not ${isPausedToTheEnd('tokens', sql`cut_off.at`)}
  and not ${isCutOffBefore('tokens', { id: sql`cut_off.id`, at: sql`cut_off.at` })}`

/**
 * What ended the token of `alias` first, of cut-offs and pauses: when, who and why; `id` of the cut-off, null where it was a pause. To be
 * joined laterally.
 */
export const firstEnd = (alias: string): SQL =>
  sql`select * from (
      select first_cut_off.at, first_cut_off.side, first_cut_off.user_id, first_cut_off.user_name, first_cut_off.user_email,
        first_cut_off.user_role, first_cut_off.reason, first_cut_off.note, first_cut_off.id from ${firstOfEach(alias)}
      union all
      select pause.ends_at, pause.side, pause.user_id, pause.user_name, pause.user_email, pause.user_role, pause.reason, pause.note,
        null::uuid from ${pausesToTheEnd(alias)}
    ) first_end order by at, id nulls first, side limit 1`

/**
 * Tokens of the party that a pause revoked at its end and nobody has written that down for, as rows of `tokens` with what ended
 * them: `ended_at`, `ended_from` and `end_reason`. Few or none while a worker is alive.
 */
export const unwrittenPauseEnds = (party: Party): SQL =>
  sql`select tokens.*, first_end.at as ended_at, first_end.side as ended_from, first_end.reason as end_reason
    from ${pauseBooks}
    cross join lateral (select * from ${tokens} where ${tokens}.id = ${pauseBooks}.token_id offset 0) tokens
    cross join lateral (${firstEnd('tokens')}) first_end
    where ${inScope(party, pauseBooks)} and ${pauseBooks}.finished_at is null and ${pauseBooks}.ends_at <= statement_timestamp()
      and first_end.id is null and first_end.side = ${pauseBooks}.side and not ${isRecorded('tokens')}`

/** It was revoked by itself: no cut-off ended it, or none before its own row says. What the books wrote has the cut-off's moment. */
export const isRevokedByItself = (alias: string): SQL => {
  const own = sql`(select revoked_at from ${revocations} where ${revocations}.token_id = ${sql.identifier(alias)}.id)`
  return sql`not exists (select from ${firstOfEach(alias, sql`coalesce(${own} >= first_cut_off.at, true)`)} offset 0)`
}

/** It was made while the two of them worked together, or ended a token of theirs: others are nobody's business. */
const whileTogether = sql`(${cutOffs}.at >= ${partnerAccess.addedAt} or exists (
  select from ${tokens} pair_token
  where pair_token.store_id = ${partnerAccess.storeId} and pair_token.partner_id = ${partnerAccess.partnerId}
    and pair_token.created_at <= ${cutOffs}.at and pair_token.expires_at > ${cutOffs}.at offset 0))`

/** The cut-offs of the party, those that the other side made among them, in its rows of `cut_offs`. */
export function concerns(party: Party): SQL {
  switch (party.side) {
    case 'merchant':
      return sql`(${cutOffs}.store_id = ${party.storeId} or ${cutOffs}.store_id = '' and ${cutOffs}.partner_id in (
        select ${partnerAccess.partnerId} from ${partnerAccess} where ${partnerAccess.storeId} = ${party.storeId} and ${whileTogether}))`
    case 'partner':
      return sql`(${cutOffs}.partner_id = ${party.partnerId} or ${cutOffs}.partner_id = '' and ${cutOffs}.store_id in (
        select ${partnerAccess.storeId} from ${partnerAccess} where ${partnerAccess.partnerId} = ${party.partnerId} and ${whileTogether}))`
  }
}

/**
 * Those of the party that the worker has not written down for all their tokens: only their tokens lack rows of their own. With
 * how far it has come.
 */
export const openCutOffs = (party: Party): SQL =>
  sql`select ${cutOffs}.*, coalesce(${cutOffBooks.lastCreatedAt}, '-infinity') as last_created_at,
      coalesce(${cutOffBooks.lastTokenId}, '00000000-0000-0000-0000-000000000000') as last_token_id
    from ${cutOffBooks} join ${cutOffs} on ${cutOffs}.id = ${cutOffBooks.cutOffId}
    where ${cutOffBooks.finishedAt} is null and ${concerns(party)}`

/** In a query that has `tokens`, beside a row `cut_off` of `cut_offs`: it ended the token, and that is not written down. */
export const ofOpenCutOff = sql`cut_off.store_id in (tokens.store_id, '') and cut_off.partner_id in (tokens.partner_id, '')
  and cut_off.at >= tokens.created_at and cut_off.at < tokens.expires_at
  and not ${isRecorded('tokens')} and not ${isPausedToTheEnd('tokens', sql`cut_off.at`)}
  and not ${isCutOffBefore('tokens', { id: sql`cut_off.id`, at: sql`cut_off.at` })}`

/** The same beside a row of {@link openCutOffs}, which says where to begin. */
export const isUnwritten = sql`${ofOpenCutOff}
  and (tokens.created_at, tokens.id) > (cut_off.last_created_at, cut_off.last_token_id)`
