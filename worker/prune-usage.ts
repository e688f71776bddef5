import { unlistExpired } from '#db/queries/tokens/walked-tokens.ts'
import {
  moveHoursToDays,
  pruneAddresses,
  pruneDays,
  pruneProcesses,
  pruneProofs,
  pruneWriters,
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

/** Rows in one statement: a tenth of a second, in which its locks are held. */
const chunkRows = 5_000
/** In one run; what is left is for the next one. */
const maxChunks = 200

type PruneTools = {
  db: Database
  /** Ends the run before its next chunk. */
  signal?: AbortSignal
}

/**
 * Moves the calls of hours older than two days to their days, and deletes what is kept for a limited time only, in
 * small steps, and takes tokens that expired out of what lists of live ones walk: no table has partitions to drop (docs/decisions/012-no-table-is-partitioned.md). Several that do it at once lose
 * nothing: each passes over the rows of the others.
 * @returns how many rows were moved or deleted.
 */
export async function pruneUsage({ db, signal }: PruneTools): Promise<number> {
  const steps = [
    () => moveHoursToDays(db, hoursKept, chunkRows),
    () => pruneDays(db, daysKept, chunkRows),
    () => pruneAddresses(db, addressDaysKept, chunkRows),
    () => pruneProofs(db, proofDaysKept, chunkRows),
    () => pruneProcesses(db, silentProcessDays, chunkRows),
    () => pruneWriters(db, writerDaysKept, chunkRows),
    () => unlistExpired(db, chunkRows),
  ]
  return pruneInChunks(steps, { chunkRows, maxChunks, signal })
}
