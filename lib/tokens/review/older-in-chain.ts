import { findLivePredecessors } from '#db/queries/tokens/tokens.ts'
import type { Actor } from '../../access/actor.ts'
import type { Database } from '../../process/database.ts'
import { describeToken, type Token } from '../model/token.ts'

/** The live tokens that this one renewed, itself or by those between. Nearest first. */
export async function olderInChain(
  actor: Actor,
  token: Pick<Token, 'id' | 'predecessorId'>,
  { db }: { db: Database },
): Promise<Token[]> {
  if (!token.predecessorId) return []
  return (await findLivePredecessors(db, actor, token.id)).map(describeToken)
}
