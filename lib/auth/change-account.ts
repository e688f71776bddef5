import { updateUser } from '#db/queries/users.ts'
import type { Database } from '../database.ts'
import { ok, type Result } from '../result.ts'
import type { Formats } from './formats.ts'
import type { SignedIn } from './open-session.ts'

/** How the person is called, or how dates are written for him, from the next page on; on record stays what was. */
export async function changeAccount(
  user: SignedIn,
  change: { name: string } | Formats,
  { db }: { db: Database },
): Promise<Result<null, never>> {
  await updateUser(db, user, change)
  return ok(null)
}
