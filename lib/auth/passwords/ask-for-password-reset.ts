import { currentTime } from '#db/queries/current-time.ts'
import { insertPasswordReset } from '#db/queries/people/password-resets.ts'
import { findUserByEmail, lockUser, readMailReader } from '#db/queries/people/users.ts'
import { recordAudit } from '../../audit/record.ts'
import { mailedPaths } from '../../notifications/mails/mailed-paths.ts'
import { momentWords } from '../../notifications/mails/moment-words.ts'
import { queueMail } from '../../notifications/mails/queue-mail.ts'
import type { Database } from '../../process/database.ts'
import { noticed } from '../../process/web-counters.ts'
import { countMail } from '../../rate-limits/throttle.ts'
import { ok, type Result, refuse } from '../../result.ts'
import { minuteMs } from '../../time/units.ts'
import { createMailedSecret } from '../mailed-secret.ts'
import { endResets } from './end-resets.ts'

export type AskForResetRefusal = { kind: 'throttled'; waitSeconds: number }

export const resetMinutes = 60

/**
 * Counts the wish for a new password and says whether it is let through: the same for every address, because nothing
 * is looked up yet. What follows is {@link mailPasswordReset}, after the answer is on its way.
 */
export async function countPasswordReset(
  { email }: { email: string },
  { db, address }: { db: Database; address: string | null },
): Promise<Result<null, AskForResetRefusal>> {
  for (const [bucket, key] of [
    ['resets-from', address],
    ['resets-to', email],
  ] as const) {
    const counted = await countMail(bucket, key, { db })
    if (!counted.ok) {
      noticed('account_change', { what: 'reset-throttled' }, { address })
      return refuse({ kind: 'throttled', ...counted.refusal })
    }
  }
  noticed('account_change', { what: 'reset-asked' }, { address })
  return ok(null)
}

/**
 * Mails an address that sets a new password once, for an hour; the ones before are worth nothing from then on.
 * Nobody gets a mail who has no account, no password, or may not sign in.
 * @param asked.origin where people reach this server: the mailed address begins with it.
 */
export async function mailPasswordReset(
  { email, origin }: { email: string; origin: string },
  { db, address = null }: { db: Database; address?: string | null },
): Promise<void> {
  const found = await findUserByEmail(db, email)
  if (!found) return
  await db.transaction(async (tx) => {
    const user = await lockUser(tx, { userId: found.id })
    if (!user?.passwordHash || user.disabledAt) return
    const { secret, hash } = createMailedSecret()
    const now = await currentTime(tx)
    await endResets(tx, { userId: user.id }, now)
    const expiresAt = new Date(now.getTime() + resetMinutes * minuteMs)
    await recordAudit(tx, [
      {
        ...{ action: 'password.reset-asked', occurredAt: now, address },
        ...{ by: null, details: { userId: user.id } },
      },
    ])
    await insertPasswordReset(tx, { hash, userId: user.id, createdAt: now, expiresAt })
    await queueMail(tx, {
      userId: user.id,
      to: user.email,
      subject: 'Set a new password for Partner Tokens',
      body: `Somebody asked for a new password for your account in Partner Tokens. Open this address to set one:

${origin}${mailedPaths.newPassword(secret)}

It works once, for ${resetMinutes} minutes (until ${momentWords(expiresAt, await readMailReader(tx, user.id))}), and only while you have not asked again.
If it was not you, do nothing: your password stays as it is.
`,
      now,
      expiresAt,
    })
  })
}
