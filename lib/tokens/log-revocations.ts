import type { Logger } from 'pino'
import { onRevocations } from '#db/revocation-reports.ts'

/** By which lines of the log are found again: docs/backup.md. */
export const revocationEvent = 'tokens-revoked'
/** Log collectors cut long lines. */
const idsPerLine = 100

/** From here on each revocation that this process commits is logged: what a backup of before it has not. */
export function logRevocations(log: Pick<Logger, 'info'>) {
  onRevocations(({ tokenIds, revokedAt, ...by }) => {
    for (let from = 0; from < tokenIds.length; from += idsPerLine) {
      const some = tokenIds.slice(from, from + idsPerLine)
      const facts = { event: revocationEvent, tokenIds: some, revokedAt: revokedAt.toISOString(), ...by }
      log.info(facts, 'tokens were revoked')
    }
  })
}
