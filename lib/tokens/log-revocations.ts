import type { Logger } from 'pino'
import { onCutOffs, onPauses, onRevocations } from '#db/revocation-reports.ts'

/** By which lines of the log are found again: docs/backup.md. */
export const revocationEvent = 'tokens-revoked'
export const cutOffEvent = 'tokens-cut-off'
export const pauseEvent = 'tokens-paused'
export const resumeEvent = 'tokens-resumed'
/** Log collectors cut long lines. */
const idsPerLine = 100

/** From here on each revocation, cut-off, pause and resumption that this process commits is logged: what a backup of before it has not. */
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
  onPauses({
    onPause({ pauses, begunAt, ...by }) {
      for (let from = 0; from < pauses.length; from += idsPerLine) {
        const some = pauses.slice(from, from + idsPerLine)
        const ends = some.map(({ tokenId, endsAt }) => ({ tokenId, endsAt: endsAt.toISOString() }))
        log.info(
          { event: pauseEvent, pauses: ends, begunAt: begunAt.toISOString(), ...by },
          'tokens were paused',
        )
      }
    },
    onResume({ pauses, resumedAt, ...by }) {
      for (let from = 0; from < pauses.length; from += idsPerLine) {
        const tokenIds = pauses.slice(from, from + idsPerLine).map(({ id }) => id)
        log.info(
          { event: resumeEvent, tokenIds, resumedAt: resumedAt.toISOString(), ...by },
          'paused tokens were resumed',
        )
      }
    },
  })
}
