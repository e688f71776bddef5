import { isOperator } from '#db/queries/people/users.ts'
import type { SignedIn } from '../auth/sessions/signed-in.ts'
import type { Database } from '../process/database.ts'

/** A person of the platform, who decides on applications for partner access. On neither side of a token. */
export type Operator = { userId: string; userName: string; sessionId?: string; operator: true }

/** The person as an operator; null where they are none. Proven anew in every page and every action. */
export async function operatorOf(user: SignedIn, { db }: { db: Database }): Promise<Operator | null> {
  const proven = await isOperator(db, user.userId)
  return proven
    ? { userId: user.userId, userName: user.name, sessionId: user.sessionId, operator: true }
    : null
}
