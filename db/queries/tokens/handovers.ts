import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { handovers } from '../../schema/handovers.ts'
import { tokenChecks } from '../../schema/token-checks.ts'
import { tokens } from '../../schema/tokens.ts'
import { inScope, type Party } from '../party.ts'
import { emailOf } from '../people/users.ts'
import { isRevoked } from './ends.ts'

type Role = NonNullable<(typeof handovers.$inferSelect)['collectedByRole']>

export async function insertHandovers(
  tx: Queryable,
  rows: { tokenId: string; encryptedText: string; collectUntil: Date }[],
) {
  if (rows.length > 0) await tx.insert(handovers).values(rows)
}

/** The handovers of tokens of the scope, by token; whoever else wants one of them waits until we commit. */
export async function lockHandovers(tx: Queryable, scope: Party, tokenIds: string[]) {
  if (tokenIds.length === 0) return new Map<string, never>()
  const rows = await tx
    .select({
      tokenId: handovers.tokenId,
      encryptedText: handovers.encryptedText,
      collectUntil: handovers.collectUntil,
      collectedAt: handovers.collectedAt,
    })
    .from(handovers)
    .innerJoin(tokens, eq(tokens.id, handovers.tokenId))
    .where(and(inScope(scope, tokens), inArray(handovers.tokenId, tokenIds)))
    .orderBy(asc(handovers.tokenId))
    .for('update', { of: handovers })
  return new Map(rows.map((row) => [row.tokenId, row]))
}

/** From now on nobody can read the texts again. */
export async function markCollected(
  tx: Queryable,
  tokenIds: string[],
  by: {
    at: Date
    side: Party['side']
    userId: string
    userName: string
    userRole: Role | null
    /** Of the program that was handed it; null: the person was shown it. */
    credentialId: string | null
  },
) {
  if (tokenIds.length === 0) return
  await tx
    .update(handovers)
    .set({
      encryptedText: null,
      collectedAt: by.at,
      collectedFrom: by.side,
      collectedBy: by.userId,
      collectedByName: by.userName,
      collectedByEmail: emailOf(by.userId),
      collectedByRole: by.userRole,
      collectedByCredential: by.credentialId,
    })
    .where(inArray(handovers.tokenId, tokenIds))
}

/**
 * Forgets the texts of tokens that nobody collected in time, or that have ended; at most `limit` of either. Waits for nobody:
 * what another has in hand stays. What it costs goes by what is due.
 * @returns how many were forgotten, and whether there may be more.
 */
export async function forgetExpiredHandovers(db: Queryable, limit: number) {
  const { rows } = await db.execute<{ forgotten: number; late: number; ended: number }>(sql`
    with late as (
      select token_id from ${handovers} where encrypted_text is not null and collect_until <= now()
      order by collect_until limit ${limit} for update skip locked
    ), ended as (
      select token_checks.token_id, token_checks.due_at
      from ${tokenChecks} join ${handovers} on ${handovers.tokenId} = ${tokenChecks.tokenId}
      where ${tokenChecks.kind} = 'text' and ${tokenChecks.dueAt} <= now()
      order by ${tokenChecks.dueAt} limit ${limit} for update skip locked
    ), taken as (
      delete from ${tokenChecks} using ended
      where ${tokenChecks.kind} = 'text' and token_checks.token_id = ended.token_id and token_checks.due_at = ended.due_at
    ), forgotten as (
      update ${handovers} set encrypted_text = null where encrypted_text is not null and token_id in (
        select token_id from late
        union all
        select ended.token_id from ended join ${tokens} on ${tokens.id} = ended.token_id
        where ${tokens.expiresAt} <= now()
          or ${isRevoked('tokens')})
      returning token_id
    )
    select (select count(*)::int from forgotten) as forgotten, (select count(*)::int from late) as late,
      (select count(*)::int from ended) as ended`)
  const { forgotten, late, ended } = rows[0] ?? { forgotten: 0, late: 0, ended: 0 }
  return { forgotten, mayBeMore: late === limit || ended === limit }
}
