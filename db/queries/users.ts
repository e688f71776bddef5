import { eq } from 'drizzle-orm'
import type { Queryable } from '../client.ts'
import { users } from '../schema/users.ts'

/** @param email in lower case. Disabled people are found too: the caller says what that means. */
export async function findUserByEmail(db: Queryable, email: string) {
  const [user] = await db
    .select({
      id: users.id,
      name: users.name,
      email: users.email,
      passwordHash: users.passwordHash,
      disabledAt: users.disabledAt,
    })
    .from(users)
    .where(eq(users.email, email))
  return user
}
