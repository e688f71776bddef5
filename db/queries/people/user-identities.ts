import { and, eq } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { userIdentities } from '../../schema/user-identities.ts'
import { users } from '../../schema/users.ts'

/** Who signs in as this subject of the issuer; nothing while nobody is bound to it. */
export async function findUserByIdentity(
  db: Queryable,
  { issuer, subject }: { issuer: string; subject: string },
) {
  const [user] = await db
    .select({
      id: users.id,
      name: users.name,
      email: users.email,
      passwordHash: users.passwordHash,
      disabledAt: users.disabledAt,
    })
    .from(userIdentities)
    .innerJoin(users, eq(users.id, userIdentities.userId))
    .where(and(eq(userIdentities.issuer, issuer), eq(userIdentities.subject, subject)))
  return user
}

/** @returns false where the subject, or the person at this issuer, is bound already. */
export async function bindIdentity(
  tx: Queryable,
  identity: typeof userIdentities.$inferInsert,
): Promise<boolean> {
  const { rowCount } = await tx.insert(userIdentities).values(identity).onConflictDoNothing()
  return rowCount === 1
}
