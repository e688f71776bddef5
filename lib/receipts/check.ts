import type { Queryable } from '#db/client.ts'
import {
  findOtherNodes,
  type LogFact,
  listCheckpoints,
  listEntries,
  listLeaves,
  listUnloggedFor,
  readFacts,
  readHead,
} from '#db/queries/receipts/log.ts'
import { findKnownTokens } from '#db/queries/receipts/replayed.ts'
import { type LogKind, logKinds } from '#db/schema/transparency-log.ts'
import { readCheckpoint } from '../process/checkpoints.ts'
import type { NoteSigner } from '../process/note-signers.ts'
import { textOfEntry } from './model/entry.ts'
import { isForged } from './model/signed-note.ts'
import { growTree, hashOfLeaf } from './model/tree.ts'

/** So many entries are looked at by one call. */
const mostAtOnce = 1_000
/** What waits for the log longer than this, in seconds, was cut out of the record before the worker came to it. */
const unloggedForSeconds = 60

type Named = { index: number; kind: LogKind; key: string }

/**
 * What does not fit. `key`: the id of the token or the cut-off, as the log has it.
 * `record-changed`: what is on record differs from the log in `members`. `record-missing`: it is not on record. `token-missing`: nor is its
 * token, as where that was issued after a backup. `unlogged-missing`: it was cut out before the worker came to it.
 * `entry-changed`, `entry-missing`, `hash-changed`: the log, against its own hashes. `checkpoint-other`: what was signed is not what stands
 * there. `checkpoint-forged`: our key did not sign it. `log-shorter`: the log ends before what was signed of it.
 */
export type LogFault =
  | (Named & { fault: 'record-changed'; members: string[] })
  | (Named & { fault: 'record-missing' | 'token-missing' | 'entry-changed' })
  | { fault: 'unlogged-missing'; kind: LogKind; key: string }
  | { fault: 'entry-missing'; index: number }
  | { fault: 'hash-changed'; level: number; index: number }
  | { fault: 'checkpoint-other' | 'checkpoint-forged' | 'log-shorter'; size: number }

export type LogCheck = {
  /** Looks at the next entries, and begins anew after the last. `isEnd`: these were the last. */
  next(): Promise<{ faults: LogFault[]; looked: number; isEnd: boolean }>
}

/**
 * Holds the record against the log, and the log against its own hashes and what was signed: the owner of the database, who may change both,
 * changes neither unseen. By keys alone and a part at each call, so that it may run beside the work.
 * @param signers of whose signatures it can say that they are none; without any, none is looked at.
 */
export function createLogCheck(
  db: Queryable,
  { signers = [] }: { signers?: readonly NoteSigner[] } = {},
): LogCheck {
  let tree = growTree()

  async function next() {
    const from = tree.size()
    const entries = await listEntries(db, { from, limit: mostAtOnce })
    const isEnd = entries.length < mostAtOnce
    const to = (entries.at(-1)?.index ?? from - 1) + 1
    const stored = new Map((await listLeaves(db, { from, to })).map(({ index, hash }) => [index, hash]))
    const known = new Map(entries.map((entry) => [entry.index, entry]))
    const faults: LogFault[] = []
    const hashes: ReturnType<typeof tree.add> = []
    const roots = new Map<number, Buffer>()
    for (let index = from; index < to; index++) {
      const [entry, kept] = [known.get(index), stored.get(index)]
      const own = entry && hashOfLeaf(entry.text)
      if (!entry) faults.push({ fault: 'entry-missing', index })
      else if (kept && !own?.equals(kept)) faults.push({ fault: 'entry-changed', ...named(entry) })
      // One that was changed is named once, and not with each hash above it.
      const leaf = kept ?? own
      if (!leaf) break
      hashes.push(...tree.add(leaf))
      roots.set(tree.size(), tree.root())
    }
    for (const { level, index } of await findOtherNodes(db, hashes))
      faults.push({ fault: 'hash-changed', level, index })
    faults.push(...(await faultsOfCheckpoints({ from, roots, isEnd })))
    faults.push(...(await faultsOfRecord(entries)))
    if (isEnd || tree.size() < to) {
      faults.push(...(await faultsOfQueue()))
      tree = growTree()
      return { faults, looked: entries.length, isEnd: true }
    }
    return { faults, looked: entries.length, isEnd }
  }

  async function faultsOfCheckpoints({
    from,
    roots,
    isEnd,
  }: {
    from: number
    roots: Map<number, Buffer>
    isEnd: boolean
  }) {
    const checkpoints = await listCheckpoints(db, { above: from, to: isEnd ? undefined : from + roots.size })
    // Read after them: the log grows meanwhile.
    const { size } = await readHead(db)
    const faults: LogFault[] = []
    for (const { note, ...signed } of checkpoints) {
      const head = readCheckpoint(note)
      if (head && isForged(signers, note)) faults.push({ fault: 'checkpoint-forged', size: signed.size })
      const root = roots.get(signed.size)
      if (signed.size > size) faults.push({ fault: 'log-shorter', size: signed.size })
      else if (root && !(head?.size === signed.size && head.root.equals(root)))
        faults.push({ fault: 'checkpoint-other', size: signed.size })
    }
    return faults
  }

  async function faultsOfRecord(entries: readonly (Named & { text: string })[]): Promise<LogFault[]> {
    const facts = new Map<string, LogFact>()
    for (const kind of logKinds) {
      const keys = entries.filter((entry) => entry.kind === kind).map(({ key }) => key)
      for (const fact of await readFacts(db, kind, keys)) facts.set(`${kind} ${fact.key}`, fact)
    }
    const missing = entries.filter(({ kind, key }) => !facts.has(`${kind} ${key}`))
    const tokens = await findKnownTokens(db, missing.filter(({ kind }) => kind !== 'cut-off').map(tokenOf))
    return entries.flatMap((entry): LogFault[] => {
      const fact = facts.get(`${entry.kind} ${entry.key}`)
      if (!fact) {
        const isHere = entry.kind === 'cut-off' || tokens.has(tokenOf(entry))
        return [{ fault: isHere ? 'record-missing' : 'token-missing', ...named(entry) }]
      }
      const members = otherMembers(entry.text, textOfEntry(fact))
      return members.length > 0 ? [{ fault: 'record-changed', ...named(entry), members }] : []
    })
  }

  async function faultsOfQueue(): Promise<LogFault[]> {
    const waiting = await listUnloggedFor(db, { seconds: unloggedForSeconds, limit: mostAtOnce })
    const faults: LogFault[] = []
    for (const kind of logKinds) {
      const keys = waiting.filter((row) => row.kind === kind).map(({ key }) => key)
      const there = new Set((await readFacts(db, kind, keys)).map(({ key }) => key))
      for (const key of keys) if (!there.has(key)) faults.push({ fault: 'unlogged-missing', kind, key })
    }
    return faults
  }

  return { next }
}

const named = ({ index, kind, key }: Named): Named => ({ index, kind, key })
const tokenOf = ({ key }: { key: string }) => key.split(' ')[0] ?? ''

function otherMembers(logged: string, onRecord: string): string[] {
  if (logged === onRecord) return []
  const [before, now] = [parsed(logged), parsed(onRecord)]
  const members = [...new Set([...Object.keys(before), ...Object.keys(now)])]
  return members.filter((member) => before[member] !== now[member])
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text)
  } catch {
    // Named by its hash as well.
    return { text }
  }
}

/** For people, in one sentence. */
export function faultInWords(fault: LogFault): string {
  switch (fault.fault) {
    case 'record-changed':
      return `The ${entryOf(fault)} says something else on record: ${fault.members.join(', ')}.`
    case 'record-missing':
      return `The ${entryOf(fault)} is not on record.`
    case 'token-missing':
      return `The ${entryOf(fault)} is not on record, nor is its token: it was cut out, or issued after the backup that was restored.`
    case 'unlogged-missing':
      return `A ${fault.kind} (${fault.key}) was cut out of the record before it was in the log.`
    case 'entry-changed':
      return `The ${entryOf(fault)} was changed in the log.`
    case 'entry-missing':
      return `Entry ${fault.index} was cut out of the log.`
    case 'hash-changed':
      return `The hash ${fault.level}/${fault.index} of the log was changed or cut out.`
    case 'checkpoint-other':
      return `What was signed of ${fault.size} entries is not what the log has.`
    case 'checkpoint-forged':
      return `The checkpoint of ${fault.size} entries was not signed by our key.`
    case 'log-shorter':
      return `The log ends before the ${fault.size} entries that were signed.`
  }
}

const entryOf = ({ kind, key, index }: Named) => `${kind} of entry ${index} (${key})`
