import type { Queryable } from '#db/client.ts'
import { reachStandby } from '#db/queries/database/standby.ts'
import {
  findEntries,
  findNewestCheckpoint,
  forgetLogged,
  insertCheckpoint,
  insertEntries,
  isQueued,
  type LogFact,
  listEntries,
  lockLog,
  readFacts,
  readHead,
  readNodes,
  readQueue,
} from '#db/queries/receipts/log.ts'
import { type LogKind, logKinds } from '#db/schema/transparency-log.ts'
import { readCheckpoint } from '../process/checkpoints.ts'
import type { Database } from '../process/database.ts'
import type { NoteSigner } from '../process/note-signers.ts'
import type { CopyEnd, LogCopy } from './copy.ts'
import { idsOf } from './model/copy-line.ts'
import { textOfEntry } from './model/entry.ts'
import { checkpointOf, isSignedBy } from './model/signed-note.ts'
import { append, hashOfLeaf, nodesOfRoot, reading, rootOf } from './model/tree.ts'
import { differenceOf, LogDiffers, type Standing, standingOf } from './standing.ts'

/** So many rows of the queue are appended by one transaction, and signed by one checkpoint. */
const mostAtOnce = 1_000

type LogHead = Awaited<ReturnType<typeof readHead>>
type Appending = { db: Database; signers: readonly NoteSigner[]; copy?: LogCopy | undefined }

/**
 * Appends what waits to the transparency log and to its copy, and signs the new head. Whoever holds the log’s lock appends; the others find
 * nothing to do (docs/decisions/027-transparency-log.md). Signed is what the synchronous standby has, and the copy: a head that is lost with
 * its server would be one of a second log.
 * @param signers without any, entries are kept and nothing is signed: no receipt can be had.
 * @param copy each process may have its own; what it lacks it gets.
 * @returns how many rows of the queue, and lines of the copy, are done. Throws {@link LogDiffers} where the copy has more than the database,
 * or another log: nothing is appended then.
 */
export async function appendToLog({ db, signers, copy }: Appending): Promise<number> {
  // Nearly always nothing waits, and each worker looks each second.
  const appended = (await isQueued(db)) ? (await db.commit((tx) => appendQueued(tx, copy))).value : 0
  if (!copy && signers.length === 0) return appended
  const head = await readHead(db)
  const copied = copy && !isCopied(copy, head) ? await copyEntries(copy, { db }) : 0
  if (isUnsigned(head, signers)) await signHead(head, { db, signers, copy })
  return appended + copied
}

async function appendQueued(tx: Queryable, copy: LogCopy | undefined): Promise<number> {
  if (!(await lockLog(tx))) return 0
  if (copy) await refuseOlder(tx, await copy.readEnd())
  const queued = await readQueue(tx, mostAtOnce)
  if (queued.length === 0) return 0
  const { size: before } = await readHead(tx)
  const keysOf = (kind: string) => queued.filter((row) => row.kind === kind).map(({ factKey }) => factKey)
  const known = await findEntries(
    tx,
    queued.map(({ kind, factKey }) => ({ kind, key: factKey })),
  )
  const isKnown = new Set(known.map(nameOf))
  const facts = await factsOf(
    tx,
    logKinds.flatMap((kind) => keysOf(kind).map((key) => ({ kind, key }))),
  )
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
  // What stands in the queue and on record no longer stays: somebody cut it out.
  return forgetLogged(
    tx,
    queued.map(({ id }) => id),
  )
}

/** By their names. */
async function factsOf(
  tx: Queryable,
  named: readonly { kind: LogKind; key: string }[],
): Promise<Map<string, LogFact>> {
  const facts = new Map<string, LogFact>()
  for (const kind of logKinds) {
    const keys = named.filter((one) => one.kind === kind).map(({ key }) => key)
    for (const fact of await readFacts(tx, kind, keys)) facts.set(nameOf(fact), fact)
  }
  return facts
}

/** Which head a copy is known to have whole, by this process: nothing is read for it again. */
const copied = new WeakMap<LogCopy, string>()
const markOf = ({ size, notes }: LogHead) => [size, ...notes].join('\n')
const isCopied = (copy: LogCopy, head: LogHead) => copied.get(copy) === markOf(head)

/** The next entries that the copy lacks, or, where it has them all, the checkpoints. @returns how many lines. */
async function copyEntries(copy: LogCopy, { db }: { db: Database }): Promise<number> {
  return db.transaction(async (tx) => {
    if (!(await lockLog(tx))) return 0
    const end = await copy.readEnd()
    await refuseOlder(tx, end)
    const entries = await listEntries(tx, { from: end.size, limit: mostAtOnce })
    if (entries.length > 0) {
      const facts = await factsOf(tx, entries)
      const lines = entries.map(({ index, kind, key, text }) => ({
        ...{ index, entry: text, ids: idsOf(kind, key, facts.get(nameOf({ kind, key }))) },
      }))
      await copy.append(lines)
      return entries.length
    }
    const head = await readHead(tx)
    const checkpoints = head.notes.filter((note) => !end.notes.includes(note))
    await copy.append(checkpoints.map((checkpoint) => ({ checkpoint })))
    copied.set(copy, markOf(head))
    return checkpoints.length
  })
}

/** What would be appended to an older database, or to another log, would make two logs of one name. */
async function refuseOlder(tx: Queryable, { size, last, checkpoint }: CopyEnd): Promise<void> {
  const { size: here } = await readHead(tx)
  if (here < size) throw differs({ is: 'shorter', size: here }, size)
  const [entry] = last ? await listEntries(tx, { from: last.index, limit: 1 }) : []
  if (last && entry?.text !== last.entry) throw differs({ is: 'other', size: here }, size)
  const signed = checkpoint === undefined ? undefined : readCheckpoint(checkpoint)
  const standing = signed && (await standingOf(tx, signed))
  if (standing && standing.is !== 'holds') throw differs(standing, size)
}

/** A log that no longer is what was signed is not signed again. */
async function refuseChanged(tx: Queryable): Promise<void> {
  const newest = await findNewestCheckpoint(tx)
  const signed = newest && readCheckpoint(newest.note)
  const standing = signed && (await standingOf(tx, signed))
  if (standing && standing.is !== 'holds')
    throw new LogDiffers(differenceOf(standing, signed.size, 'its own checkpoint'))
}

const differs = (standing: Exclude<Standing, { is: 'holds' }>, size: number) =>
  new LogDiffers(differenceOf(standing, size, 'its copy'))

/** Each set of keys signs a head once, so that workers with different ones do not answer each other for ever. */
async function signHead({ size, notes }: LogHead, { db, signers, copy }: Appending): Promise<void> {
  if ((await reachStandby(db)) === 'unconfirmed') return
  await db.transaction(async (tx) => {
    if (!(await lockLog(tx))) return
    const head = await readHead(tx)
    // What somebody appended since, the standby need not have: its turn comes a second later.
    if (head.size !== size || head.notes.length !== notes.length) return
    await refuseChanged(tx)
    const root = rootOf(size, reading(await readNodes(tx, nodesOfRoot(size))))
    const note = checkpointOf(signers, { size, root })
    const end = await copy?.readEnd()
    if (end && end.size !== size) return
    // Before anybody can have it. One that was signed as the process was killed stands there already.
    if (!end?.notes.includes(note)) await copy?.append([{ checkpoint: note }])
    await insertCheckpoint(tx, { size, note })
  })
}

const isUnsigned = ({ size, notes }: LogHead, signers: readonly NoteSigner[]) =>
  signers.length > 0 && size > 0 && !notes.some((note) => isSignedBy(signers, note))

const nameOf = ({ kind, key }: { kind: string; key: string }) => `${kind} ${key}`
