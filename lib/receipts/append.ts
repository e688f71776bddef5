import {
  deleteFromQueue,
  findEntries,
  findNewestCheckpoint,
  insertCheckpoint,
  insertEntries,
  type LogFact,
  lockLog,
  readFacts,
  readQueue,
  readSize,
} from '#db/queries/receipts/log.ts'
import { logKinds } from '#db/schema/transparency-log.ts'
import type { Database } from '../process/database.ts'
import type { NoteSigner } from '../process/note-signers.ts'
import { textOfEntry } from './model/entry.ts'
import { checkpointOf, isSignedBy } from './model/signed-note.ts'
import { append, hashOfLeaf, nodesOfRoot, rootOf } from './model/tree.ts'
import { readHashes, reading } from './read-hashes.ts'

/** So many rows of the queue are appended by one transaction, and signed by one checkpoint. */
const mostAtOnce = 1_000

/**
 * Appends what waits to the transparency log, in the order in which it is seen to be committed, and signs the new head. Whoever holds the
 * log’s lock appends; the others find nothing to do (docs/decisions/027-transparency-log.md).
 * @param signers without any, entries are kept and nothing is signed: no receipt can be had.
 * @returns how many rows of the queue are done.
 */
export async function appendToLog({
  db,
  signers,
}: {
  db: Database
  signers: readonly NoteSigner[]
}): Promise<number> {
  return db.transaction(async (tx) => {
    if (!(await lockLog(tx))) return 0
    const queued = await readQueue(tx, mostAtOnce)
    const before = await readSize(tx)
    const keysOf = (kind: string) => queued.filter((row) => row.kind === kind).map(({ factKey }) => factKey)
    const known = await findEntries(
      tx,
      queued.map(({ kind, factKey }) => ({ kind, key: factKey })),
    )
    const isKnown = new Set(known.map(nameOf))
    const facts = new Map<string, LogFact>()
    for (const kind of logKinds)
      for (const fact of await readFacts(tx, kind, keysOf(kind))) facts.set(nameOf(fact), fact)
    const entries = [...new Set(queued.map(({ kind, factKey }) => nameOf({ kind, key: factKey })))]
      .filter((name) => !isKnown.has(name))
      .flatMap((name) => facts.get(name) ?? [])
      .map((fact, n) => ({
        ...{ index: before + n, kind: fact.kind, key: fact.key, text: textOfEntry(fact) },
      }))
    const edge = await readHashes(tx, nodesOfRoot(before))
    const nodes = append(
      before,
      entries.map(({ text }) => hashOfLeaf(text)),
      reading(edge),
    )
    if (entries.length > 0) await insertEntries(tx, entries, nodes)
    if (queued.length > 0)
      await deleteFromQueue(
        tx,
        queued.map(({ id }) => id),
      )
    const size = before + entries.length
    if (signers.length > 0 && size > 0 && (entries.length > 0 || !(await isSigned(tx, size, signers)))) {
      const root = rootOf(size, reading([...edge, ...nodes]))
      await insertCheckpoint(tx, { size, note: checkpointOf(signers, { size, root }) })
    }
    return queued.length
  })
}

const nameOf = ({ kind, key }: { kind: string; key: string }) => `${kind} ${key}`

async function isSigned(
  tx: Parameters<typeof findNewestCheckpoint>[0],
  size: number,
  signers: readonly NoteSigner[],
) {
  const newest = await findNewestCheckpoint(tx)
  return newest?.size === size && isSignedBy(signers, newest.note)
}
