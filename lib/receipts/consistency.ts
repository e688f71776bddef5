import { findNewestCheckpoint, readNodes } from '#db/queries/receipts/log.ts'
import type { Database } from '../process/database.ts'
import { ok, type Result, refuse } from '../result.ts'
import { consistencyProof, reading } from './model/tree.ts'

/** `none`: nothing was signed yet. `not-signed`: nothing was signed of so many entries. `no-range`: `from` is not among 1 to `to`. */
export type ConsistencyRefusal = 'none' | 'not-signed' | 'no-range'

/** The newest head of the log, as it was signed (c2sp.org/tlog-checkpoint). It says nothing of any token. */
export async function readNewestCheckpoint({ db }: { db: Database }): Promise<string | undefined> {
  return (await findNewestCheckpoint(db))?.note
}

/**
 * That the log of `from` entries is the beginning of the log of `to`: whoever holds a checkpoint of each knows that nothing of the first was
 * changed. In the form in which a log asks a witness (c2sp.org/tlog-witness): `old` and the size, the hashes, the later checkpoint.
 * @param to undefined: all that was signed.
 */
export async function readConsistency(
  { from, to }: { from: number; to?: number | undefined },
  { db }: { db: Database },
): Promise<Result<string, ConsistencyRefusal>> {
  const checkpoint = await findNewestCheckpoint(db, to)
  if (!checkpoint) return refuse(to === undefined ? 'none' : 'not-signed')
  if (from < 1 || from > checkpoint.size) return refuse('no-range')
  const { nodes, hashes } = consistencyProof(from, checkpoint.size)
  const lines = hashes(reading(await readNodes(db, nodes))).map((hash) => hash.toString('base64'))
  return ok([`old ${from}`, ...lines, '', checkpoint.note].join('\n'))
}
