import { sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import type { EndingSide } from '../../schema/revocations.ts'
import { isRevoked } from './ends.ts'

export type ReappliedRevocation = {
  tokenId: string
  revokedAt: string
  side: EndingSide
  userId: string | null
  /** Null: none was given. */
  reason: string | null
}

export type ReappliedCounts = {
  revoked: number
  /** By somebody before: left as they are. */
  already: number
  expired: number
  /** Made after the backup: they are not in this database, so no call with them is accepted. */
  unknown: number
}

/**
 * Revokes what was revoked before the database was restored, with an audit row each; one statement, all or nothing. It only
 * ever adds. Nobody is notified again. Of a person whom the backup has not, the row keeps the id in its note.
 */
export async function reapplyRevocations(
  db: Queryable,
  revocations: readonly ReappliedRevocation[],
): Promise<ReappliedCounts> {
  const { rows } = await db.execute<ReappliedCounts>(sql`
    with given as materialized (
      select distinct on ("tokenId") * from json_to_recordset(${JSON.stringify(revocations)}::json)
        as given ("tokenId" uuid, "revokedAt" timestamptz, side text, "userId" uuid, reason text)
      order by "tokenId", "revokedAt"
    ), known as materialized (
      select given.*, tokens.store_id, tokens.partner_id, tokens.expires_at <= now() as expired,
        ${isRevoked('tokens')} as already,
        users.id as user_id, users.name as user_name, users.email as user_email,
        given."userId" is not null and users.id is null as person_unknown
      from given join tokens on tokens.id = given."tokenId" left join users on users.id = given."userId"
    ), revoked as (
      insert into revocations (token_id, store_id, partner_id, revoked_at, side, user_id, user_name, user_email, reason, note)
      select "tokenId", store_id, partner_id, least("revokedAt", now()),
        case when user_id is null then 'partner' else side end, user_id, user_name, user_email, reason,
        'Applied again after a restore' || case when person_unknown
          then ', for person ' || "userId" || ' on the side of the ' || side || ', whom the backup does not have' else '' end
      from known where not already and not expired
      on conflict (token_id) do nothing
      returning *
    ), noted as (
      insert into audit_events
        (occurred_at, action, side, user_id, user_name, user_email, store_id, partner_id, token_id, reason, note, details)
      select revoked_at, 'token.revoked', case when side <> 'operator' then side end, user_id, user_name, user_email, store_id,
        partner_id, token_id, reason, note,
        jsonb_strip_nulls(jsonb_build_object('reapplied', true, 'by', case when side = 'operator' then 'operator' end))
      from revoked
    )
    select (select count(*)::int from revoked) as revoked,
      (select count(*)::int from known where already) as already,
      (select count(*)::int from known where expired and not already) as expired,
      (select count(*)::int from given) - (select count(*)::int from known) as unknown`)
  return rows[0] as ReappliedCounts
}

export type ReappliedCutOff = {
  cutOffId: string
  /** '' for every one of them. */
  storeId: string
  partnerId: string
  at: string
  side: EndingSide
  userId: string
  reason: string
}

/**
 * Cuts off again what was cut off before the database was restored: each with its own id and moment, once. The worker writes it
 * down token by token, and nobody is notified again.
 * @returns how many were not there.
 */
export async function reapplyCutOffs(db: Queryable, cutOffs: readonly ReappliedCutOff[]): Promise<number> {
  const { rowCount } = await db.execute(sql`
    with given as (
      select distinct on ("cutOffId") * from json_to_recordset(${JSON.stringify(cutOffs)}::json)
        as given ("cutOffId" uuid, "storeId" text, "partnerId" text, at timestamptz, side text, "userId" uuid, reason text)
      order by "cutOffId"
    ), made as (
      insert into cut_offs (id, store_id, partner_id, at, side, user_id, user_name, user_email, reason, note)
      select "cutOffId", "storeId", "partnerId", least(at, now()), case when users.id is null then 'partner' else side end,
        users.id, users.name, users.email, reason,
        'Applied again after a restore' || case when users.id is null
          then ', for person ' || "userId" || ' on the side of the ' || side || ', whom the backup does not have' else '' end
      from given left join users on users.id = given."userId"
      on conflict (id) do nothing
      returning id
    )
    insert into cut_off_books (cut_off_id, tokens, others) select id, 0, 0 from made`)
  return rowCount ?? 0
}
