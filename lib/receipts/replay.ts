import type { Queryable } from '#db/client.ts'
import { insertEntries, lockLog, readHead, readNodes } from '#db/queries/receipts/log.ts'
import {
  countUnknownTokens,
  insertMissingCheckpoints,
  replayPauses,
  replayProofs,
  replayResumes,
} from '#db/queries/receipts/replayed.ts'
import { reapplyCutOffs, reapplyRevocations } from '#db/queries/tokens/reapplied-revocations.ts'
import { readCheckpoint } from '../process/checkpoints.ts'
import type { Database } from '../process/database.ts'
import { ok, type Result, refuse } from '../result.ts'
import { readCopy } from './copy.ts'
import { areIdsOf, type CopiedEntry, type CopiedIds } from './model/copy-line.ts'
import { type Entry, entrySchema } from './model/entry-schema.ts'
import { growTree, hashOfLeaf, nodesOfRoot, reading, rootOf } from './model/tree.ts'
import { standingOf } from './standing.ts'

/** So many entries are put back by one statement. */
const mostAtOnce = 1_000

/** `entries`: put back into the log. `unknown`: tell of tokens that were issued after the backup, and of which nothing is left. */
export type Replayed = {
  entries: number
  revocations: number
  cutOffs: number
  pauses: number
  resumes: number
  unknown: number
  /** Lines that could not be read, such as one torn by a power cut; what stands in them is not missing. */
  torn: number
}

type Fact = { entry: Entry; ids: CopiedIds }
type Leaf = Fact & { index: number; text: string; nodes: ReturnType<ReturnType<typeof growTree>['add']> }

class Refused extends Error {}

/**
 * Applies what the log's copy has and the restored database has not: the revocations, cut-offs, pauses and resumptions, and the log itself,
 * with its checkpoints, so that it goes on as if nothing had happened. All or nothing; may be run again. Refuses with a sentence a copy with a
 * gap or a change, one of another log, and a log to which a worker appends meanwhile.
 */
export async function replayCopy(path: string, { db }: { db: Database }): Promise<Result<Replayed, string>> {
  try {
    return ok(await db.transaction((tx) => replay(path, tx)))
  } catch (error) {
    if (error instanceof Refused) return refuse(error.message)
    throw error
  }
}

async function replay(path: string, tx: Queryable): Promise<Replayed> {
  if (!(await lockLog(tx)))
    throw new Refused('A worker appends to the log of this database. Stop all workers first.')
  const { size: before } = await readHead(tx)
  const done: Replayed = {
    entries: 0,
    revocations: 0,
    cutOffs: 0,
    pauses: 0,
    resumes: 0,
    unknown: 0,
    torn: 0,
  }
  let newest: { size: number; note: string }[] = []
  const tree = growTree()
  let waiting: Leaf[] = []
  const recent = new Map<number, string>()

  async function putBack() {
    const missing = waiting.filter(({ index }) => index >= before)
    const entries = missing.map(({ index, text, entry, ids }) => ({
      index,
      text,
      kind: entry.kind,
      key: keyOf(entry, ids),
    }))
    if (entries.length > 0)
      await insertEntries(
        tx,
        entries,
        missing.flatMap(({ nodes }) => nodes),
      )
    done.entries += entries.length
    for (const run of runsOf(waiting)) await apply(run, { tx, done })
    waiting = []
  }

  await compare(tx, { before, size: 0, root: tree.root() })
  for await (const { number, line } of readCopy(path)) {
    if (line === undefined) {
      done.torn += 1
      continue
    }
    if ('checkpoint' in line) {
      const head = readCheckpoint(line.checkpoint)
      if (!head) throw new Refused(`Line ${number} is a checkpoint that cannot be read.`)
      if (head.size > tree.size())
        throw new Refused(`The copy is not whole: before line ${number} entries are missing.`)
      if (head.size < tree.size()) continue
      if (!head.root.equals(tree.root()))
        throw new Refused(
          `The copy was changed: its entries are not those of the checkpoint in line ${number}.`,
        )
      newest = [
        ...newest.filter(({ size }) => size === head.size),
        { size: head.size, note: line.checkpoint },
      ]
      continue
    }
    // Two processes that wrote the same into one file: the second has nothing new.
    if (recent.get(line.index) === line.entry) continue
    if (line.index !== tree.size())
      throw new Refused(
        `The copy is not whole: line ${number} has entry ${line.index} where ${tree.size()} comes.`,
      )
    waiting.push({
      ...factOf(line, number),
      index: line.index,
      text: line.entry,
      nodes: tree.add(hashOfLeaf(line.entry)),
    })
    recent.set(line.index, line.entry)
    recent.delete(line.index - 2 * mostAtOnce)
    await compare(tx, { before, size: tree.size(), root: tree.root() })
    if (waiting.length >= mostAtOnce) await putBack()
  }
  await putBack()
  if (tree.size() < before) {
    const standing = await standingOf(tx, { size: tree.size(), root: tree.root() })
    if (standing.is !== 'holds') throw new Refused(otherLog)
  }
  await insertMissingCheckpoints(tx, newest)
  return done
}

const otherLog =
  'The log of this database is not the one of the copy. Nothing was put back: see docs/backup.md for a log that went on by itself.'

/** Where the copy comes to what the database has, both have to be the same. */
async function compare(
  tx: Queryable,
  { before, size, root }: { before: number; size: number; root: Buffer },
) {
  if (size !== before) return
  const own = rootOf(before, reading(await readNodes(tx, nodesOfRoot(before))))
  if (!own.equals(root)) throw new Refused(otherLog)
}

function factOf({ entry, ids }: CopiedEntry, number: number): Fact {
  const read = entrySchema.safeParse(parsed(entry))
  if (!read.success) throw new Refused(`Line ${number} has an entry that cannot be read.`)
  if (!areIdsOf(read.data, ids))
    throw new Refused(`Line ${number} was changed: its ids are not those of its entry.`)
  return { entry: read.data, ids }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** As the queue has it. */
function keyOf(entry: Entry, { token = '', cutOff = '' }: CopiedIds): string {
  switch (entry.kind) {
    case 'revocation':
    case 'proof':
      return token
    case 'cut-off':
      return cutOff
    case 'pause':
    case 'resume':
      return `${token} ${entry.side} ${entry.number}`
  }
}

/** Of one kind each, and of one token each once: in this order one statement a run does what was done one by one. */
function runsOf(facts: readonly Fact[]): Fact[][] {
  const runs: Fact[][] = []
  let tokens = new Set<string>()
  for (const fact of facts) {
    const run = runs.at(-1)
    const token = fact.ids.token ?? ''
    if (run?.[0]?.entry.kind === fact.entry.kind && (token === '' || !tokens.has(token))) run.push(fact)
    else {
      runs.push([fact])
      tokens = new Set()
    }
    tokens.add(token)
  }
  return runs
}

async function apply(run: readonly Fact[], { tx, done }: { tx: Queryable; done: Replayed }) {
  const kind = run[0]?.entry.kind
  const of = <K extends Entry['kind']>(wanted: K) =>
    run.flatMap(({ entry, ids }) =>
      entry.kind === wanted
        ? [
            {
              ...{
                entry: entry as Extract<Entry, { kind: K }>,
                tokenId: ids.token ?? '',
                cutOffId: ids.cutOff ?? '',
              },
              ...{ userId: ids.user, userRole: ids.role },
            },
          ]
        : [],
    )
  switch (kind) {
    case undefined:
      return
    case 'revocation': {
      const counts = await reapplyRevocations(
        tx,
        of(kind).map(({ entry, cutOffId: _, ...by }) => ({
          ...{ ...by, revokedAt: entry.at, side: entry.side, reason: entry.reason },
        })),
      )
      done.revocations += counts.revoked
      done.unknown += counts.unknown
      return
    }
    case 'cut-off':
      done.cutOffs += await reapplyCutOffs(
        tx,
        of(kind).map(({ entry, tokenId: _, ...by }) => ({
          ...{ ...by, storeId: entry.store ?? '', partnerId: entry.partner ?? '' },
          ...{ at: entry.at, side: entry.side, reason: entry.reason },
        })),
      )
      return
    case 'pause': {
      const pauses = of(kind).map(({ entry, cutOffId: _, ...by }) => ({
        ...{ ...by, side: entry.side, number: entry.number, reason: entry.reason },
        ...{ begunAt: entry.at, endsAt: entry.until, endsAs: entry.endsAs },
      }))
      done.pauses += await replayPauses(tx, pauses)
      done.unknown += await countUnknownTokens(
        tx,
        pauses.map(({ tokenId }) => tokenId),
      )
      return
    }
    case 'resume':
      done.resumes += await replayResumes(
        tx,
        of(kind).map(({ entry, cutOffId: _, ...by }) => ({
          ...{ ...by, side: entry.side, number: entry.number, resumedAt: entry.at },
        })),
      )
      return
    case 'proof':
      await replayProofs(
        tx,
        of(kind).map(({ entry, tokenId }) => ({
          ...{ tokenId, provedAt: entry.at, gateways: entry.gateways, refused: entry.refused },
          ...{ accepting: entry.accepting, refusedAfterMs: entry.refusedAfterMs },
        })),
      )
      return
  }
}
