import { and, eq, sql } from 'drizzle-orm'
import type { Queryable } from '../client.ts'
import { handovers } from '../schema/handovers.ts'
import { revocations } from '../schema/revocations.ts'
import { tokens } from '../schema/tokens.ts'
import { inScope, type PartyScope } from './party-scope.ts'
import { emailOf } from './users.ts'

type Role = NonNullable<(typeof handovers.$inferSelect)['collectedByRole']>

export async function insertHandovers(
  tx: Queryable,
  rows: { tokenId: string; encryptedText: string; collectUntil: Date }[],
) {
  if (rows.length > 0) await tx.insert(handovers).values(rows)
}

/** The handover of one token of the scope; whoever else wants it waits until we commit. */
export async function lockHandover(tx: Queryable, scope: PartyScope, tokenId: string) {
  const [row] = await tx
    .select({
      encryptedText: handovers.encryptedText,
      collectUntil: handovers.collectUntil,
      collectedAt: handovers.collectedAt,
    })
    .from(handovers)
    .innerJoin(tokens, eq(tokens.id, handovers.tokenId))
    .where(and(inScope(scope, tokens), eq(handovers.tokenId, tokenId)))
    .for('update', { of: handovers })
  return row
}

/** From now on nobody can read the text again. */
export async function markCollected(
  tx: Queryable,
  tokenId: string,
  by: { at: Date; side: 'merchant' | 'partner'; userId: string; userName: string; role: Role },
) {
  await tx
    .update(handovers)
    .set({
      encryptedText: null,
      collectedAt: by.at,
      collectedFrom: by.side,
      collectedBy: by.userId,
      collectedByName: by.userName,
      collectedByEmail: emailOf(by.userId),
      collectedByRole: by.role,
    })
    .where(eq(handovers.tokenId, tokenId))
}

/**
 * Forgets the texts of tokens that nobody collected in time, or that have ended; at most `limit` of them. Waits for nobody:
 * what another has in hand stays.
 * @returns how many.
 */
export async function forgetLapsedHandovers(db: Queryable, limit: number): Promise<number> {
  const { rowCount } = await db.execute(sql`
    update ${handovers} set encrypted_text = null where token_id in (
      select ${handovers.tokenId} from ${handovers} join ${tokens} on ${tokens.id} = ${handovers.tokenId}
      where ${handovers.encryptedText} is not null and (
        ${handovers.collectUntil} <= now() or ${tokens.expiresAt} <= now()
        or exists (select from ${revocations} where ${revocations.tokenId} = ${handovers.tokenId})
      )
      limit ${limit} for update of ${sql.identifier('handovers')} skip locked
    )`)
  return rowCount ?? 0
}
