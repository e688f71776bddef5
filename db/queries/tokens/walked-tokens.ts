import { type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { cutOffBooks, cutOffs } from '../../schema/cut-offs.ts'
import { liveTokens } from '../../schema/live-tokens.ts'
import { pauseBooks } from '../../schema/pauses.ts'
import { revocations } from '../../schema/revocations.ts'
import { tokens } from '../../schema/tokens.ts'
import { inScope, type Party } from '../party.ts'
import { isPausedToTheEnd } from './ends.ts'

/**
 * What a list of live tokens walks instead of the table of tokens: under its name, so that the same conditions read its
 * columns. It has no revoked ones, which may stand before all others.
 */
export const walkedTokens: SQL = sql`${liveTokens} tokens`

/** It was renewed at some time, and the day of its last use: columns of {@link walkedTokens} alone. */
export const wasRenewed: SQL = sql`tokens.is_renewed`
export const usedOn: SQL = sql`tokens.used_on`

/** Cut-offs that the worker has not written down yet, as rows `cut_off`; looked up one by one, for few or none are open. */
const openOnes = sql`${cutOffBooks} cross join lateral (
    select * from ${cutOffs} where ${cutOffs.id} = ${cutOffBooks.cutOffId} offset 0
  ) cut_off where ${cutOffBooks.finishedAt} is null`

/** Whether there is a cut-off that the worker has not written down for all its tokens. Asked once, and not once a token. */
export const isAnyOpen = sql`(select exists (select from ${cutOffBooks} where ${cutOffBooks.finishedAt} is null))`

/** Pauses of the scope whose end the worker has yet to write down: asked once for all tokens. */
const anyPauseIsOver = (scope: Party) => sql`(select exists (
    select from ${pauseBooks} where ${inScope(scope, pauseBooks)} and ${pauseBooks.finishedAt} is null
      and ${pauseBooks.endsAt} <= statement_timestamp()))`

/**
 * Where a walk passes over many tokens at little cost that were cut off, until the worker has written each down: one moment for the
 * whole store or partner, then the open cut-offs of each token, few or none; and what a pause has just revoked. `notRevoked` says the
 * same of each token, at more cost.
 */
export function isNotCutOffJustNow(scope: Party): SQL {
  const extent = scope.side === 'merchant' ? `${scope.storeId} ` : ` ${scope.partnerId}`
  const lastOfAll = sql`(select max(cut_off.at) from ${openOnes} and cut_off.extent = ${extent})`
  return sql`((not ${isAnyOpen} or coalesce(tokens.created_at > ${lastOfAll} or tokens.expires_at <= ${lastOfAll}, true)
    and not exists (
      select from ${openOnes} and cut_off.at >= tokens.created_at and cut_off.at < tokens.expires_at
        and cut_off.store_id in (tokens.store_id, '') and cut_off.partner_id in (tokens.partner_id, '') offset 0))
    and not (${anyPauseIsOver(scope)} and ${isPausedToTheEnd('tokens')}))`
}

/**
 * Of many rows of {@link walkedTokens} of the scope: live, as `live` says it of each token at more cost. What the worker has written down
 * for a cut-off is recorded, and of what it has not the cut-off is open. How the record is read is left to the planner.
 */
export const stillLive = (scope: Party): SQL =>
  sql`${inScope(scope, tokens)} and tokens.expires_at > now() and ${isNotCutOffJustNow(scope)}
    and not exists (select from ${revocations} where ${revocations}.token_id = tokens.id and ${inScope(scope, revocations)})`

/** Takes out what expired between one day and eight days ago, `limit` rows at most. @returns how many there were. */
export async function unlistExpired(db: Queryable, limit: number): Promise<number> {
  const { rows } = await db.execute<{ count: number }>(sql`select unlist_expired(${limit}) as count`)
  return rows[0]?.count ?? 0
}

/** Notes the last use of `limit` tokens at most that somebody had in hand as they were called. @returns of how many it is noted. */
export async function noteLateUses(db: Queryable, limit: number): Promise<number> {
  const { rows } = await db.execute<{ count: number }>(sql`select note_late_uses(${limit}) as count`)
  return rows[0]?.count ?? 0
}
