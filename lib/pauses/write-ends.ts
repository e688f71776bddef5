import { findDuePause, writePauseEnds } from '#db/queries/tokens/pauses.ts'
import { reportRevocations } from '#db/revocation-reports.ts'
import { afterCommit } from '#db/transaction.ts'
import type { Database } from '../process/database.ts'
import { isDatabaseOutage } from '../process/database-outage.ts'

/** Each transaction is over in about a tenth of a second. */
const pausesAtOnce = 2_500
/** Of so many that cannot be written the others are looked for; more are no fault of theirs. */
const mostFailing = 100

/**
 * Writes down what became of tokens whose pause has ended: they are refused, or accepted again, without it. Each step is one transaction:
 * killed at any point, nothing is lost or written twice. Any number of processes share them. A step that fails is halved until the one
 * pause is found that cannot be written: it is left for the next time, and holds up no other.
 * @returns how many pauses were looked at.
 * @throws when all others are done: which pause failed, the first of them, and with what.
 */
export async function writeEndsOfPauses({
  db,
  signal,
  atOnce = pausesAtOnce,
}: {
  db: Database
  signal?: AbortSignal
  atOnce?: number
}): Promise<number> {
  let sum = 0
  let limit = atOnce
  const failed = new Map<string, unknown>()
  while (!signal?.aborted) {
    const besides = [...failed.keys()]
    try {
      const looked = await writeNext(db, { limit, besides })
      sum += looked
      if (looked < limit) break
      limit = Math.min(limit * 2, atOnce)
    } catch (error) {
      if (isDatabaseOutage(error)) throw error
      if (limit > 1) {
        limit = Math.ceil(limit / 2)
        continue
      }
      const pause = failed.size < mostFailing ? await findDuePause(db, besides) : undefined
      if (pause === undefined) throw error
      failed.set(pause, error)
    }
  }
  for (const [pause, cause] of failed)
    throw new Error(`what became of the pause ${pause} could not be written down`, { cause })
  return sum
}

function writeNext(db: Database, due: { limit: number; besides: string[] }): Promise<number> {
  return db.transaction(async (tx) => {
    const { looked, revoked } = await writePauseEnds(tx, due)
    for (const { tokenId, ...facts } of revoked)
      afterCommit(() => reportRevocations({ tokenIds: [tokenId], ...facts }))
    return looked
  })
}
