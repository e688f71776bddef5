import type { Queryable } from '#db/client.ts'
import { dropExpiringMails } from '#db/queries/notifications/mails.ts'
import { voidResets } from '#db/queries/people/password-resets.ts'
import { mailedPaths } from '../../notifications/mails/mailed-paths.ts'

/** From now on none of the person's mailed addresses sets a password; mails with one that still wait are not sent. */
export async function endResets(tx: Queryable, { userId }: { userId: string }, now: Date): Promise<void> {
  await voidResets(tx, { userId }, now)
  await dropExpiringMails(tx, { userId, path: mailedPaths.newPassword('') })
}
