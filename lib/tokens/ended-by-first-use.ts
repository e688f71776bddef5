import { findLivePredecessors } from '#db/queries/tokens.ts'
import type { Actor } from '../auth/actor.ts'
import type { Database } from '../database.ts'
import { scopeOf } from './scope.ts'
import { describeToken, type Token } from './token.ts'

/**
 * The older tokens of its line that plans revoke once this one is first used: also those that wait for one of them to go.
 * Nearest first.
 */
export async function endedByFirstUse(
  actor: Actor,
  token: Pick<Token, 'id' | 'predecessorId'>,
  { db }: { db: Database },
): Promise<Token[]> {
  if (!token.predecessorId) return []
  const older = (await findLivePredecessors(db, scopeOf(actor), token.id)).map(describeToken)
  const ended = new Set([token.id])
  return older.filter(({ id, plan, successor }) => {
    const goes = plan?.retireAt === null && successor !== null && ended.has(successor.id)
    if (goes) ended.add(id)
    return goes
  })
}
