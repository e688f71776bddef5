import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { commitWithoutStandby } from '#db/queries/database/standby.ts'
import { listProcessesOfProof } from '#db/queries/verification/gateway-processes.ts'
import { askForProof, listProofAnswers } from '#db/queries/verification/refusal-proofs.ts'
import type { Database } from '../process/database.ts'
import {
  addAnswer,
  addEnded,
  addUnknown,
  type Horizon,
  type ListedHorizons,
  listHorizons,
  noHorizons,
} from './horizon.ts'
import { aliveWithinMs } from './liveness.ts'

/**
 * What the processes of the gateway said when they were asked, right after a revocation, whether they refuse its
 * tokens. No gateway alive at all: `gateways` and `silent` are both empty. Two processes may have one name, never one id.
 */
export type RefusalProof = {
  tokenCount: number
  /** The tokens are a sample of those that this cut-off ended; null: they are all that were revoked. */
  cutOffId: string | null
  /** How long the answers were waited for at most. */
  withinMs: number
  /** Looked all the tokens up and refuse them, the quickest first. `afterMs`: since the person confirmed. */
  gateways: { name: string; afterMs: number }[]
  /** Alive a moment ago, but did not answer in time. They look every call up all the same. */
  silent: { id: string; name: string; lastHeartbeatAt: Date }[]
  /** Would still have accepted one of the tokens. Always empty, or something is very wrong. */
  accepting: { id: string; name: string }[]
  /**
   * Services that may go on accepting one of the tokens, because they introspected and may rely on the answer; of a cut-off, any token.
   * The last to end first. Says nothing of what `accepting` and `unlimited` answered.
   */
  mayAccept: Horizon[]
  /** Of the version before, alive or died: it tells services nothing of how long they may rely on an answer. */
  unlimited: { id: string; name: string }[]
}

/** What is kept of it, and is too much for a browser. */
export type DetailedProof = RefusalProof & { horizons: ListedHorizons }

/** Most gateways answer within a few ms; one that does not is not worth many queries. */
const firstPausesMs = [5, 5, 10, 20, 40]
const laterPauseMs = 50

/** Each looks into the database again and again: so many at once in this process, and no more. */
const maxWaiting = 20
const key = Symbol.for('partner-tokens.waiting-for-proofs')
/** Kept on the process, because Next's bundles may each have a copy of this module. */
const processWide = globalThis as { [key]?: { proofs: number } }
processWide[key] ??= { proofs: 0 }
const waiting = processWide[key]

/**
 * Asks every process of the gateway that is alive to look the tokens up as it does for a call, and waits for
 * the answers. Null, and nobody is asked, where 20 others wait already. Throws where the question itself could not
 * be put. Neither says anything of the revocation.
 * @param confirmedAt when the person's confirmation reached this process, by `performance.now()`.
 * @param timeoutMs for all of it; 1,000 by default.
 */
export async function proveRefusal(
  question: Question,
  { db, timeoutMs = 1_000 }: { db: Database; timeoutMs?: number },
): Promise<DetailedProof | null> {
  if (waiting.proofs >= maxWaiting) return null
  waiting.proofs++
  try {
    return await askAndWait(question, { db, timeoutMs })
  } finally {
    waiting.proofs--
  }
}

type Question = { tokenIds: string[]; confirmedAt: number; cutOffId?: string | null }

async function askAndWait(
  { tokenIds, confirmedAt, cutOffId = null }: Question,
  { db, timeoutMs }: { db: Database; timeoutMs: number },
): Promise<DetailedProof> {
  const inTime = AbortSignal.timeout(timeoutMs)
  const proof: RefusalProof = {
    tokenCount: tokenIds.length,
    cutOffId,
    withinMs: timeoutMs,
    gateways: [],
    silent: [],
    accepting: [],
    mayAccept: [],
    unlimited: [],
  }
  const horizons = noHorizons()
  const asked = await beforeEnd(inTime, ask(db, { tokenIds, cutOffId }))
  if (asked === 'too late') throw new Error('The question for a proof could not be put in time.')
  if (!asked) return { ...proof, horizons: listHorizons(horizons, new Date()) }
  for (const process of asked.gone) {
    if (process.endedAt) addEnded(horizons, process)
    else if (!process.maxAges) proof.unlimited.push({ id: process.id, name: process.name })
    else addUnknown(horizons, process, new Date(process.heartbeatAt.getTime() + aliveWithinMs))
  }
  // The way of the question is counted in: no gateway's time looks shorter than it was.
  const askedAfterMs = performance.now() - confirmedAt
  const silent = new Map(asked.alive.map((process) => [process.id, process]))
  for (let looks = 0; silent.size > 0; looks++) {
    const answers = await beforeEnd(inTime, listProofAnswers(db, asked.id))
    if (answers === 'too late') break
    const seenAfterMs = performance.now() - confirmedAt
    for (const { processId, processName: name, answeredAt, accepted, refused, reliedUntil } of answers) {
      // Fewer than were asked about prove nothing.
      if (accepted === 0 && refused !== tokenIds.length) continue
      if (!silent.delete(processId)) continue
      const answeredAfterMs = askedAfterMs + (answeredAt.getTime() - asked.at.getTime())
      const afterMs = Math.round(Math.min(answeredAfterMs, seenAfterMs))
      if (accepted > 0) proof.accepting.push({ id: processId, name })
      else proof.gateways.push({ name, afterMs })
      if (reliedUntil) addAnswer(horizons, reliedUntil)
      else proof.unlimited.push({ id: processId, name })
    }
    const pauseMs = firstPausesMs[looks] ?? laterPauseMs
    if (silent.size > 0) await pause(pauseMs, undefined, { signal: inTime }).catch(() => {})
  }
  proof.gateways.sort((a, b) => a.afterMs - b.afterMs)
  proof.silent = [...silent.values()].map(({ id, name, heartbeatAt }) => ({
    id,
    name,
    lastHeartbeatAt: heartbeatAt,
  }))
  const endedAt = new Date(asked.at.getTime() + performance.now() - confirmedAt - askedAfterMs)
  for (const process of silent.values()) {
    if (process.maxAges) addUnknown(horizons, process, endedAt)
    else proof.unlimited.push({ id: process.id, name: process.name })
  }
  const listed = listHorizons(horizons, endedAt)
  // What is said of a sample has to hold for all that the cut-off ended.
  proof.mayAccept = cutOffId === null ? listed.together : listed.any
  return { ...proof, horizons: listed }
}

/** Null where there is no process to ask about. */
async function ask(db: Database, question: { tokenIds: string[]; cutOffId: string | null }) {
  const processes = await listProcessesOfProof(db, { aliveWithinMs })
  if (processes.length === 0) return null
  const alive = processes.filter(({ isAlive }) => isAlive)
  const gone = processes.filter(({ isAlive }) => !isAlive)
  const id = randomUUID()
  const at = await db.transaction(async (tx) => {
    await commitWithoutStandby(tx)
    return askForProof(tx, { id, ...question })
  })
  return { id, alive, gone, at }
}

/** What `work` gives, or that it did not come before `end`; it goes on all the same. */
export function beforeEnd<T>(end: AbortSignal, work: Promise<T>): Promise<T | 'too late'> {
  const { promise: ended, resolve } = Promise.withResolvers<'too late'>()
  const onEnd = () => resolve('too late')
  if (end.aborted) onEnd()
  end.addEventListener('abort', onEnd, { once: true })
  return Promise.race([work, ended]).finally(() => end.removeEventListener('abort', onEnd))
}
