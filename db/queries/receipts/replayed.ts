import { sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import type { pauses } from '../../schema/pauses.ts'
import { appliedAgain } from '../../schema/revocations.ts'
import { logCheckpoints } from '../../schema/transparency-log.ts'

type Row = typeof pauses.$inferSelect
type Numbered = Pick<Row, 'tokenId' | 'side' | 'number' | 'userId' | 'userRole'>

export type ReplayedPause = Numbered & Pick<Row, 'endsAs' | 'reason'> & { begunAt: string; endsAt: string }
export type ReplayedResume = Numbered & { resumedAt: string }
export type ReplayedProof = {
  tokenId: string
  provedAt: string
  gateways: number
  refused: number
  accepting: number
  refusedAfterMs: number | null
}

/**
 * Pauses as the log has them, that are missing: with their own numbers, and with an audit row each. Those whose end has passed are closed,
 * so that nobody is notified of it again; what they revoked is in the log by itself. One that would come before the end of the one before is
 * passed over: that one revoked its token, where it was resumed after the backup.
 * @returns how many.
 */
export async function replayPauses(tx: Queryable, given: readonly ReplayedPause[]): Promise<number> {
  const { rowCount } = await tx.execute(sql`
    with given as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as given ("tokenId" uuid, side text, number int, "begunAt" timestamptz,
        "endsAt" timestamptz, "endsAs" text, "userId" uuid, "userRole" text, reason text)
    ), paused as (
      insert into pauses (token_id, side, number, store_id, partner_id, operation_id, begun_at, ends_at, ends_as, user_id, user_name,
        user_email, user_role, reason, note)
      select tokens.id, given.side, given.number, tokens.store_id, tokens.partner_id, gen_random_uuid(), "begunAt", "endsAt", "endsAs", users.id,
        users.name, users.email, "userRole", reason, ${appliedAgain} || case when "userId" is not null and users.id is null
          then ', for person ' || "userId" || ', whom the backup does not have' else '' end
      from given join tokens on tokens.id = given."tokenId" left join users on users.id = given."userId"
      where given.number = 1 or exists (
        select from pauses before where before.token_id = tokens.id and before.side = given.side and before.number = given.number - 1
          and (before.ends_as = 'resumed' and before.ends_at <= "begunAt" or exists (
            select from resumes where resumes.token_id = before.token_id and resumes.side = before.side and resumes.number = before.number)))
      on conflict do nothing
      returning *
    ), begun as (
      insert into pause_books (token_id, side, number, store_id, partner_id, ends_at, finished_at)
      select token_id, side, number, store_id, partner_id, ends_at, case when ends_at <= now() then now() end from paused
    )
    insert into audit_events
      (occurred_at, action, side, user_id, user_name, user_email, user_role, store_id, partner_id, token_id, reason, note, details)
    select begun_at, 'token.paused', side, user_id, user_name, user_email, user_role, store_id, partner_id, token_id, reason, note,
      '{"reapplied": true}'::jsonb
    from paused`)
  return rowCount ?? 0
}

/**
 * Resumptions as the log has them, that are missing. Of a pause that has revoked its token by now only where this transaction has put it
 * on record: nobody has seen that token revoked.
 * @returns how many.
 */
export async function replayResumes(tx: Queryable, given: readonly ReplayedResume[]): Promise<number> {
  const { rowCount } = await tx.execute(sql`
    with given as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as given ("tokenId" uuid, side text, number int, "resumedAt" timestamptz,
        "userId" uuid, "userRole" text)
    ), resumed as (
      insert into resumes (token_id, side, number, resumed_at, user_id, user_name, user_email, user_role)
      select pause.token_id, pause.side, pause.number, "resumedAt", users.id, users.name, users.email, "userRole"
      from given join pauses pause on pause.token_id = given."tokenId" and pause.side = given.side and pause.number = given.number
        left join users on users.id = given."userId"
      where pause.ends_as = 'resumed' or pause.ends_at > now() + interval '15 seconds'
        or pause.xmin = pg_current_xact_id()::xid
      on conflict do nothing
      returning *
    ), finished as (
      update pause_books books set finished_at = now() from resumed
      where books.token_id = resumed.token_id and books.side = resumed.side and books.number = resumed.number and books.finished_at is null
    )
    insert into audit_events (occurred_at, action, side, user_id, user_name, user_email, user_role, store_id, partner_id, token_id, details)
    select resumed_at, 'token.resumed', resumed.side, user_id, user_name, user_email, user_role, store_id, partner_id, token_id,
      '{"reapplied": true}'::jsonb
    from resumed join tokens on tokens.id = resumed.token_id`)
  return rowCount ?? 0
}

/** What gateways said of revocations that are on record. */
export async function replayProofs(tx: Queryable, given: readonly ReplayedProof[]): Promise<void> {
  await tx.execute(sql`
    insert into kept_proofs (token_id, proved_at, gateways, refused, accepting, refused_after_ms)
    select "tokenId", "provedAt", gateways, refused, accepting, "refusedAfterMs"
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as given ("tokenId" uuid, "provedAt" timestamptz, gateways int, refused int,
      accepting int, "refusedAfterMs" int)
    join revocations on revocations.token_id = given."tokenId"
    on conflict do nothing`)
}

/** Of these tokens, those that the database has. */
export async function findKnownTokens(db: Queryable, tokenIds: readonly string[]): Promise<Set<string>> {
  if (tokenIds.length === 0) return new Set()
  const { rows } = await db.execute<{ id: string }>(sql`
    select tokens.id from tokens join jsonb_array_elements_text(${JSON.stringify(tokenIds)}::jsonb) as given (id) on tokens.id = given.id::uuid`)
  return new Set(rows.map(({ id }) => id))
}

/** Of these tokens, how many the database does not have: they were issued after the backup. */
export async function countUnknownTokens(tx: Queryable, tokenIds: readonly string[]): Promise<number> {
  const { rows } = await tx.execute<{ count: number }>(sql`
    select count(*)::int as count from jsonb_array_elements_text(${JSON.stringify([...new Set(tokenIds)])}::jsonb) as given (id)
    where not exists (select from tokens where tokens.id = given.id::uuid)`)
  return rows[0]?.count ?? 0
}

/** Checkpoints that the database does not have. */
export async function insertMissingCheckpoints(
  tx: Queryable,
  checkpoints: readonly { size: number; note: string }[],
): Promise<void> {
  await tx.execute(sql`
    insert into ${logCheckpoints} (size, note, signed_at)
    select size, note, clock_timestamp()
    from jsonb_to_recordset(${JSON.stringify(checkpoints)}::jsonb) as given (size bigint, note text)
    where not exists (select from ${logCheckpoints} known where known.size = given.size and known.note = given.note)`)
}
