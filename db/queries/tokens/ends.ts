import { type SQL, sql } from 'drizzle-orm'
import { cutOffBooks, cutOffs } from '../../schema/cut-offs.ts'
import { partnerAccess } from '../../schema/partner-access.ts'
import { revocations } from '../../schema/revocations.ts'
import { tokens } from '../../schema/tokens.ts'
import type { Party } from '../party.ts'

/**
 * Where a token is said to be revoked: by its own row of `revocations`, or by a cut-off that nobody has written down for it
 * yet. `alias` is the name of the table of tokens in the query. `offset 0` keeps PostgreSQL at looking up row by row: left to
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

/** It has a row of its own. */
export const isRecorded = (alias: string): SQL =>
  sql`exists (select from ${revocations} where ${revocations}.token_id = ${sql.identifier(alias)}.id offset 0)`

export const isCutOff = (alias: string): SQL => sql`exists (select from ${firstOfEach(alias)} offset 0)`

/** One question, which the planner takes for one condition. */
export const isRevoked = (alias: string): SQL =>
  sql`exists (select 1 from ${revocations} where ${revocations}.token_id = ${sql.identifier(alias)}.id
    union all select 1 from ${firstOfEach(alias)})`

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
  and not ${isCutOffBefore('tokens', { id: sql`cut_off.id`, at: sql`cut_off.at` })}`

/** The first cut-off that ended the token of `alias`, with all its columns; to be joined laterally. */
export const firstCutOff = (alias: string): SQL =>
  sql`select first_cut_off.* from ${firstOfEach(alias)} order by first_cut_off.at, first_cut_off.id limit 1`

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
  and not ${isRecorded('tokens')}
  and not ${isCutOffBefore('tokens', { id: sql`cut_off.id`, at: sql`cut_off.at` })}`

/** The same beside a row of {@link openCutOffs}, which says where to begin. */
export const isUnwritten = sql`${ofOpenCutOff}
  and (tokens.created_at, tokens.id) > (cut_off.last_created_at, cut_off.last_token_id)`
