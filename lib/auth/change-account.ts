import { currentTime } from '#db/queries/current-time.ts'
import { updateUser } from '#db/queries/people/users.ts'
import { changingAccount } from '../access/changing.ts'
import { recordAudit } from '../audit/record.ts'
import type { Database } from '../process/database.ts'
import { noticed } from '../process/web-counters.ts'
import { ok, type Result } from '../result.ts'
import type { Formats } from './formats.ts'
import type { SignedIn } from './sessions/signed-in.ts'

type Tools = { db: Database; address: string | null }

/** How the person is called from the next page on; what is on record keeps the name that it has. */
export async function renameAccount(
  user: SignedIn,
  { name }: { name: string },
  tools: Tools,
): Promise<Result<null, 'signed-out'>> {
  return change(user, { name }, tools, (before) =>
    before.name === name
      ? null
      : { action: 'account.renamed' as const, details: { from: before.name, to: name } },
  )
}

/** How dates are written for the person, from the next page on. */
export async function changeFormats(
  user: SignedIn,
  formats: Formats,
  tools: Tools,
): Promise<Result<null, 'signed-out'>> {
  const { language, timeZone } = formats
  return change(user, formats, tools, () => ({
    action: 'account.formats-changed' as const,
    details: { language, timeZone: timeZone ?? '' },
  }))
}

type Noted = {
  action: 'account.renamed' | 'account.formats-changed'
  details: Record<string, string>
}

async function change(
  user: SignedIn,
  changed: { name: string } | Formats,
  { db, address }: Tools,
  noteOf: (before: { name: string }) => Noted | null,
): Promise<Result<null, 'signed-out'>> {
  return changingAccount(user, db, async (tx, before) => {
    noticed('account_change', { what: 'name' in changed ? 'renamed' : 'formats' }, { userId: user.userId })
    await updateUser(tx, user, changed)
    const noted = noteOf(before)
    const by = { userId: user.userId, userName: before.name }
    if (noted) await recordAudit(tx, [{ ...noted, occurredAt: await currentTime(tx), by, address }])
    return ok(null)
  })
}
