import { and, eq } from 'drizzle-orm'
import type { Queryable } from '../client.ts'
import { handovers } from '../schema/handovers.ts'
import { tokens } from '../schema/tokens.ts'
import { inScope, type TokenScope } from './token-scope.ts'

export async function insertHandovers(
  tx: Queryable,
  rows: { tokenId: string; encryptedText: string; collectUntil: Date }[],
) {
  if (rows.length > 0) await tx.insert(handovers).values(rows)
}

/** The handover of one token of the scope; whoever else wants it waits until we commit. */
export async function lockHandover(tx: Queryable, scope: TokenScope, tokenId: string) {
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
  by: { at: Date; side: 'merchant' | 'partner'; userId: string },
) {
  await tx
    .update(handovers)
    .set({ encryptedText: null, collectedAt: by.at, collectedFrom: by.side, collectedBy: by.userId })
    .where(eq(handovers.tokenId, tokenId))
}
