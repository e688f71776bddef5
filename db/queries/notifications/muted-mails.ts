import { eq, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { users } from '../../schema/users.ts'

/** The kinds of mails that the person does not want; nothing where there is no such person. */
export async function readMutedMails(db: Queryable, { userId }: { userId: string }) {
  const [user] = await db.select({ muted: users.mutedMails }).from(users).where(eq(users.id, userId))
  return user?.muted
}

export async function setMutedMails(db: Queryable, { userId }: { userId: string }, kinds: string[]) {
  await db.update(users).set({ mutedMails: kinds }).where(eq(users.id, userId))
}

/** One kind more; the others stay as they are, also when somebody changes them at the same time. */
export async function addMutedMail(db: Queryable, { userId }: { userId: string }, kind: string) {
  await db
    .update(users)
    .set({ mutedMails: sql`array_append(array_remove(${users.mutedMails}, ${kind}), ${kind})` })
    .where(eq(users.id, userId))
}
