import { readMailProblem } from '#db/queries/people/users.ts'
import type { Database } from '../../process/database.ts'

/** Why mails to the person were given up, and since when; null where the last one was taken. */
export async function mailProblemOf(
  user: { userId: string },
  { db }: { db: Database },
): Promise<{ problem: string; since: Date } | null> {
  return readMailProblem(db, user)
}
