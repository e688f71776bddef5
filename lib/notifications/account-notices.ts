import { listAccountNotices } from '#db/queries/notifications/account-notices.ts'
import type { Database } from '../process/database.ts'
import { dayMs } from '../time/units.ts'

export const shownDays = 30
const maxShown = 10

export type AccountNotice = Awaited<ReturnType<typeof readAccountNotices>>[number]

/** What happened to the person's own account in the last 30 days, the last first; 10 at most. */
export async function readAccountNotices(
  { userId }: { userId: string },
  { db, now }: { db: Database; now: Date },
) {
  const since = new Date(now.getTime() - shownDays * dayMs)
  return listAccountNotices(db, { userId, since, limit: maxShown })
}
