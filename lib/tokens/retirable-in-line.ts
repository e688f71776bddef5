import { findLivePredecessors } from '#db/queries/tokens.ts'
import type { Actor } from '../auth/actor.ts'
import type { Database } from '../database.ts'
import { scopeOf } from './scope.ts'
import { isLive } from './status.ts'
import { describeToken, type Token } from './token.ts'

/** What can go of the line of a live token: itself, and the older ones. Nearest first. */
export async function retirableInLine(
  actor: Actor,
  token: Token,
  { db }: { db: Database },
): Promise<Pick<Token, 'id' | 'lastCharacters'>[]> {
  if (!isLive(token, token.asOf)) return []
  const older = token.predecessorId ? await findLivePredecessors(db, scopeOf(actor), token.id) : []
  return [token, ...older.map(describeToken)]
    .filter(({ isRetirable }) => isRetirable)
    .map(({ id, lastCharacters }) => ({ id, lastCharacters }))
}
