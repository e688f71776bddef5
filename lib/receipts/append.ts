import type { Queryable } from '#db/client.ts'
import { reachStandby } from '#db/queries/database/standby.ts'
import {
  deleteFromQueue,
  findEntries,
  insertCheckpoint,
  insertEntries,
  isQueued,
  type LogFact,
  lockLog,
  readFacts,
  readHead,
  readNodes,
  readQueue,
} from '#db/queries/receipts/log.ts'
import { logKinds } from '#db/schema/transparency-log.ts'
import type { Database } from '../process/database.ts'
import type { NoteSigner } from '../process/note-signers.ts'
import { textOfEntry } from './model/entry.ts'
import { checkpointOf, isSignedBy } from './model/signed-note.ts'
import { append, hashOfLeaf, nodesOfRoot, reading, rootOf } from './model/tree.ts'

/** So many rows of the queue are appended by one transaction, and signed by one checkpoint. */
const mostAtOnce = 1_000

type Head = Awaited<ReturnType<typeof readHead>>
type Appending = { db: Database; signers: readonly NoteSigner[] }

/**
 * Appends what waits to the transparency log and signs the new head. Whoever holds the log’s lock appends; the others find nothing to do
 * (docs/decisions/027-transparency-log.md). Signed is what the synchronous standby has: a head that is lost with its server would be one of a
 * second log.
 * @param signers without any, entries are kept and nothing is signed: no receipt can be had.
 * @returns how many rows of the queue are done.
 */
export async function appendToLog({ db, signers }: Appending): Promise<number> {
  // Nearly always nothing waits, and each worker looks each second.
  const appended = (await isQueued(db)) ? (await db.commit(appendQueued)).value : 0
  if (signers.length > 0) await signHead({ db, signers })
  return appended
}

async function appendQueued(tx: Queryable): Promise<number> {
  if (!(await lockLog(tx))) return 0
  const queued = await readQueue(tx, mostAtOnce)
  if (queued.length === 0) return 0
  const { size: before } = await readHead(tx)
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
  if (entries.length > 0) {
    const edge = reading(await readNodes(tx, nodesOfRoot(before)))
    const leaves = entries.map(({ text }) => hashOfLeaf(text))
    await insertEntries(tx, entries, append(before, leaves, edge))
  }
  await deleteFromQueue(
    tx,
    queued.map(({ id }) => id),
  )
  return queued.length
}

/** Each set of keys signs a head once, so that workers with different ones do not answer each other for ever. */
async function signHead({ db, signers }: Appending): Promise<void> {
  const { size, notes } = await readHead(db)
  if (!isUnsigned({ size, notes }, signers) || (await reachStandby(db)) === 'unconfirmed') return
  await db.transaction(async (tx) => {
    if (!(await lockLog(tx))) return
    const head = await readHead(tx)
    // What somebody appended since, the standby need not have: its turn comes a second later.
    if (head.size !== size || !isUnsigned(head, signers)) return
    const root = rootOf(size, reading(await readNodes(tx, nodesOfRoot(size))))
    await insertCheckpoint(tx, { size, note: checkpointOf(signers, { size, root }) })
  })
}

const isUnsigned = ({ size, notes }: Head, signers: readonly NoteSigner[]) =>
  size > 0 && !notes.some((note) => isSignedBy(signers, note))

const nameOf = ({ kind, key }: { kind: string; key: string }) => `${kind} ${key}`
