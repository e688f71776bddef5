import { currentTime } from '#db/queries/current-time.ts'
import { listCredentialsEnding } from '#db/queries/people/service-credentials.ts'
import { announce } from '../events/announce.ts'
import type { Database } from '../process/database.ts'
import { reminderDays } from './limits.ts'

const rowsAtOnce = 1_000

/**
 * Notifies the owners of service credentials that end soon, of each once for each of {@link reminderDays}: where one ends, a program stops.
 * @returns how many reminders were written.
 */
export async function remindOfCredentials({
  db,
  signal,
}: {
  db: Database
  signal: AbortSignal
}): Promise<number> {
  let written = 0
  for (const [n, days] of reminderDays.entries()) {
    const key = `credential.expiring:${days}`
    let last = rowsAtOnce
    while (last === rowsAtOnce && !signal.aborted) {
      last = await db.transaction(async (tx) => {
        const window = { days, moreThanDays: reminderDays[n + 1] ?? 0 }
        const ending = await listCredentialsEnding(tx, { ...window, key, limit: rowsAtOnce })
        const occurredAt = await currentTime(tx)
        await announce(
          tx,
          ending.map(({ id, name, storeId, partnerId, expiresAt }) => ({
            ...{ kind: 'credential.expiring' as const, occurredAt, tokenId: null, by: null },
            ...{ storeId: storeId ?? '', partnerId: partnerId ?? '', onceKey: `${key}:${id}` },
            details: { credentialId: id, name, days: `${days}`, until: expiresAt.toISOString() },
          })),
        )
        return ending.length
      })
      written += last
    }
  }
  return written
}
