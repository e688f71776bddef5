import type { Actor } from '../auth/actor.ts'
import type { Database } from '../database.ts'
import { consume, keyOf } from '../limiter.ts'

/** Deeds of one person in an hour that make tokens, however many each: everybody concerned is mailed about each. */
export const issueLimit = { bucket: 'issues-by', points: 60, windowMinutes: 60 }

/** Counts an addition, an issue or a renewal. Never asked of a revocation. Throws when the database does not answer. */
export async function mayIssueAgain(
  { userId }: Pick<Actor, 'userId'>,
  { db }: { db: Database },
): Promise<boolean> {
  return (await consume(db, issueLimit, keyOf(userId))) === 0
}
