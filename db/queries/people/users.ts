import { domainToUnicode } from 'node:url'
import { eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { users } from '../../schema/users.ts'

/** An account from before domains were kept in ASCII has the domain as people write it. */
function spellingsOf(email: string): string[] {
  const [mailbox = '', host = ''] = email.split('@')
  return [...new Set([email, `${mailbox}@${domainToUnicode(host)}`])]
}

/** @param email as `canonicalEmail` writes it. Disabled people are found too: the caller says what that means. */
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
    .where(inArray(users.email, spellingsOf(email)))
    .orderBy(sql`${users.email} <> ${email}`)
    .limit(1)
  return user
}

/** How a person is called and reached. */
export async function findUserById(db: Queryable, { userId }: { userId: string }) {
  const [user] = await db
    .select({ id: users.id, name: users.name, email: users.email })
    .from(users)
    .where(eq(users.id, userId))
  return user
}

/** The person's password as it is now; who else wants to change it waits until we commit. */
export async function lockUser(tx: Queryable, { userId }: { userId: string }) {
  const [user] = await tx
    .select({
      id: users.id,
      name: users.name,
      email: users.email,
      passwordHash: users.passwordHash,
      disabledAt: users.disabledAt,
    })
    .from(users)
    .where(eq(users.id, userId))
    .for('no key update')
  return user
}

/** @returns false where somebody has this e-mail address already. */
export async function insertUser(
  tx: Queryable,
  user: { id: string; email: string; name: string; passwordHash: string; createdAt: Date },
): Promise<boolean> {
  const { id, email, name, passwordHash, createdAt } = user
  // Drizzle names every column of the table; we may write these and no others.
  const written = await tx.execute(sql`
    insert into users (id, email, name, password_hash, created_at)
    values (${id}, ${email}, ${name}, ${passwordHash}, ${createdAt.toISOString()})
    on conflict (email) do nothing`)
  return written.rowCount === 1
}

/** What a person may change of their own row. */
export async function updateUser(
  tx: Queryable,
  { userId }: { userId: string },
  change: Partial<
    Pick<typeof users.$inferInsert, 'name' | 'passwordHash' | 'language' | 'timeZone' | 'browserTimeZone'>
  >,
) {
  await tx.update(users).set(change).where(eq(users.id, userId))
}

/** Whether the person decides on applications for partner access. */
export async function isOperator(db: Queryable, userId: string): Promise<boolean> {
  const [user] = await db.select({ isOperator: users.isOperator }).from(users).where(eq(users.id, userId))
  return user?.isOperator ?? false
}

/** The account's address at this moment, for the record; null where there is nobody. */
export function emailOf(userId: string | SQL | null): SQL<string | null> {
  return sql<string | null>`(select account.email from users account where account.id = ${userId}::uuid)`
}

/** Why mails to the person were given up; null where the last one was taken. */
export async function readMailProblem(db: Queryable, { userId }: { userId: string }) {
  const [user] = await db
    .select({ problem: users.mailProblem, since: users.mailProblemSince })
    .from(users)
    .where(eq(users.id, userId))
  return user?.problem && user.since ? { problem: user.problem, since: user.since } : null
}

/** How a mail to the person writes moments. */
export async function readMailReader(db: Queryable, userId: string) {
  const timeZone = sql<string | null>`coalesce(${users.timeZone}, ${users.browserTimeZone})`
  const [user] = await db
    .select({ language: users.language, timeZone })
    .from(users)
    .where(eq(users.id, userId))
  return user ?? { language: 'en-GB', timeZone: null }
}
