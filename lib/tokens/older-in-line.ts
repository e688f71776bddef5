import { findLivePredecessors } from '#db/queries/tokens.ts'
import type { Actor } from '../auth/actor.ts'
import type { Database } from '../process/database.ts'
import { scopeOf } from './scope.ts'
import { describeToken, type Token } from './token.ts'

/** The live tokens that this one renewed, itself or by those between. Nearest first. */
export async function olderInLine(
  actor: Actor,
  token: Pick<Token, 'id' | 'predecessorId'>,
  { db }: { db: Database },
): Promise<Token[]> {
  if (!token.predecessorId) return []
  return (await findLivePredecessors(db, scopeOf(actor), token.id)).map(describeToken)
}
