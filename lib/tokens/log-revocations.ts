import type { Logger } from 'pino'
import { onCutOffs, onRevocations } from '#db/revocation-reports.ts'

/** By which lines of the log are found again: docs/backup.md. */
export const revocationEvent = 'tokens-revoked'
export const cutOffEvent = 'tokens-cut-off'
/** Log collectors cut long lines. */
const idsPerLine = 100

/** From here on each revocation and each cut-off that this process commits is logged: what a backup of before it has not. */
export function logRevocations(log: Pick<Logger, 'info'>) {
  onRevocations(({ tokenIds, revokedAt, ...by }) => {
    for (let from = 0; from < tokenIds.length; from += idsPerLine) {
      const some = tokenIds.slice(from, from + idsPerLine)
      const facts = { event: revocationEvent, tokenIds: some, revokedAt: revokedAt.toISOString(), ...by }
      log.info(facts, 'tokens were revoked')
    }
  })
  onCutOffs(({ at, ...facts }) =>
    log.info({ event: cutOffEvent, at: at.toISOString(), ...facts }, 'tokens were cut off'),
  )
}
