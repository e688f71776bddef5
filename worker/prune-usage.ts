import type { Queryable } from '#db/client.ts'
import {
  moveHoursToDays,
  pruneAddresses,
  pruneDays,
  pruneProcesses,
  pruneProofs,
  pruneSessions,
  pruneWriters,
  tryPruningLock,
} from '#db/queries/verification/usage-pruning.ts'
import type { Database } from '#lib/process/database.ts'
import { pruneInChunks } from './prune-in-chunks.ts'

/** What the last hours are asked for: the blast radius. Twice as long, so that a late write still finds its hour. */
const hoursKept = 48
const daysKept = 400
/** A year's look at addresses is nobody's business. */
const addressDaysKept = 30
const proofDaysKept = 7
const silentProcessDays = 1
/** Longer than any batch is sent again. */
const writerDaysKept = 7
const expiredSessionDaysKept = 90

/** Rows in one transaction: a tenth of a second, in which its locks are held. */
const chunkRows = 5_000
/** In one run; what is left is for the next one. */
const maxChunks = 200

const steps: ((tx: Queryable) => Promise<number>)[] = [
  (tx) => moveHoursToDays(tx, hoursKept, chunkRows),
  (tx) => pruneDays(tx, daysKept, chunkRows),
  (tx) => pruneAddresses(tx, addressDaysKept, chunkRows),
  (tx) => pruneProofs(tx, proofDaysKept, chunkRows),
  (tx) => pruneProcesses(tx, silentProcessDays, chunkRows),
  (tx) => pruneWriters(tx, writerDaysKept, chunkRows),
  (tx) => pruneSessions(tx, expiredSessionDaysKept, chunkRows),
]

type PruneTools = {
  db: Database
  /** Ends the run before its next chunk. */
  signal?: AbortSignal
}

/**
 * Moves the calls of hours older than two days to their days, and deletes what is kept for a limited time only, in
 * small transactions. One process at a time does it: who comes second goes away.
 * @returns how many rows were moved or deleted; `busy`: another process is at it.
 */
export async function pruneUsage({ db, signal }: PruneTools): Promise<number | 'busy'> {
  return pruneInChunks(
    steps.map(
      (step) => () =>
        db.transaction(async (tx) => ((await tryPruningLock(tx)) ? step(tx) : ('busy' as const))),
    ),
    { chunkRows, maxChunks, signal },
  )
}
