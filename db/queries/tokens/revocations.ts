import { randomUUID } from 'node:crypto'
import { and, gt, inArray, lte, not, or, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { reportRevocations } from '../../revocation-reports.ts'
import { auditEvents } from '../../schema/audit-events.ts'
import { events } from '../../schema/events.ts'
import { revocations } from '../../schema/revocations.ts'
import { tokens } from '../../schema/tokens.ts'
import { afterCommit } from '../../transaction.ts'
import { inTokenScope, type OneToken, type Party } from '../party.ts'
import { emailOf } from '../people/users.ts'
import { isCutOffOrPausedToTheEnd } from './ends.ts'
import { isOfPairOf } from './token-siblings.ts'

type NewRevocation = {
  tokenIds: string[]
  extent: 'chosen' | 'with-siblings'
  at: Date
  /** Siblings made after this stay alive. */
  siblingsUntil: Date | undefined
  side: (typeof revocations.$inferInsert)['side']
  /** Null: a program of the partner, or a report of a leak. */
  userId: string | null
  userName: string | null
  userRole: (typeof revocations.$inferInsert)['userRole']
  /** Null: none was given. */
  reason: Exclude<(typeof revocations.$inferInsert)['reason'], undefined>
  note: string | null
  address: string | null
  details: Record<string, string> | null
  /** What the revocation is part of, in the outbox; an operation of its own by default. */
  operationId?: string
}

/** Of a revocation: nobody of either side made one after a report of a leak. */
const sideOfRecord = sql`nullif(side, 'public')`

/**
 * Revokes what is still live of the choice, notes each in the audit record and puts it into the outbox: one statement, all or
 * nothing.
 * A token that somebody revoked before, or at the same time and committed first, is left as it is, and so is one that was cut
 * off, or that a pause revoked at its end. In the order of ids, as the books of a cut-off are written: two of them wait for each other never.
 * @returns the ids of the tokens that this call revoked.
 */
export async function insertRevocations(tx: Queryable, scope: Party | OneToken, revocation: NewRevocation) {
  const { side, userId, userName, userRole, reason, note, address } = revocation
  const email = emailOf(userId)
  const details = revocation.details && JSON.stringify(revocation.details)
  const at = sql`${revocation.at.toISOString()}::timestamptz`
  const chosen = inArray(tokens.id, revocation.tokenIds)
  const { siblingsUntil } = revocation
  const siblings =
    scope.side !== undefined &&
    revocation.extent === 'with-siblings' &&
    and(isOfPairOf(scope, revocation.tokenIds), siblingsUntil && lte(tokens.createdAt, siblingsUntil))
  const where = and(
    inTokenScope(scope),
    siblings ? or(chosen, siblings) : chosen,
    gt(tokens.expiresAt, revocation.at),
    not(isCutOffOrPausedToTheEnd('tokens')),
  )
  const { rows } = await tx.execute<{ token_id: string }>(sql`
    with revoked as (
      insert into ${revocations} (token_id, store_id, partner_id, revoked_at, side, user_id, user_name, user_email, user_role, reason, note)
      select ${tokens.id}, ${tokens.storeId}, ${tokens.partnerId}, ${at}, ${side}, ${userId}::uuid, ${userName}, ${email}, ${userRole ?? null},
        ${reason}, ${note}
      from ${tokens} where ${where} order by ${tokens.id}
      on conflict (token_id) do nothing
      returning *
    ), noted as (
      insert into ${auditEvents}
        (occurred_at, action, side, user_id, user_name, user_email, user_role, store_id, partner_id, token_id, reason, note, address, details)
      select revoked_at, 'token.revoked', ${sideOfRecord}, user_id, user_name, user_email, user_role, store_id, partner_id, token_id, reason, note, ${address}, ${details}::jsonb
      from revoked
    ), announced as (
      insert into ${events}
        (kind, operation_id, occurred_at, store_id, partner_id, token_id, side, user_id, user_name, user_email, user_role, details)
      select 'token.revoked', ${revocation.operationId ?? randomUUID()}::uuid, revoked_at, store_id, partner_id, token_id, ${sideOfRecord}, user_id, user_name, user_email, user_role,
        jsonb_strip_nulls(jsonb_build_object('reason', reason, 'note', note)) || coalesce(${details}::jsonb, '{}')
      from revoked
    )
    select token_id from revoked`)
  const tokenIds = rows.map((row) => row.token_id)
  if (tokenIds.length > 0)
    afterCommit(() => reportRevocations({ tokenIds, revokedAt: revocation.at, side, userId, reason }))
  return tokenIds
}
