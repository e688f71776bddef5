import { randomUUID } from 'node:crypto'
import { type Listening, listen } from '#db/listening.ts'
import { beatProcess, removeProcess } from '#db/queries/gateway-processes.ts'
import { listOpenProofs, refusalProofChannel } from '#db/queries/refusal-proofs.ts'
import type { Database } from '../database.ts'
import type { Verifier } from '../tokens/verify.ts'
import { answerProof } from './answer-proof.ts'
import { beatEveryMs as defaultBeatEveryMs } from './liveness.ts'

/** A process of the door that has signed on: it says that it is alive, and proves its refusals when asked. */
export type Attendance = {
  /** Signs off: no proof waits for this process any more. Does not throw. */
  close(): Promise<void>
}

type AttendanceOptions = {
  /** For the connection that beats and listens; `db` is for answering. */
  url: string
  db: Database
  /** How people know the process. */
  name: string
  /** The one that answers the calls. */
  verifier: Verifier
  beatEveryMs?: number
  /** Told of each question that was answered. */
  onProven?: (() => void) | undefined
  /** Told once for each time that the database is out of reach, and of each question that could not be answered. */
  onError?: (error: unknown) => void
}

/** Whoever asked has gone long before; the answer is for the record. */
const answerWithinMs = 60_000

/**
 * Signs on, now or as soon as there is a database, and beats from then on, on a connection of its own that also
 * listens for questions. Where a beat fails the connection hears nothing either: the next beat makes a new one.
 */
export function attend(options: AttendanceOptions): Attendance {
  const { url, db, name, verifier, beatEveryMs = defaultBeatEveryMs } = options
  const { onProven, onError = () => {} } = options
  const door = { id: randomUUID(), name }
  const startedAt = performance.now()
  const answering = new Map<string, Promise<void>>()
  let listening: Listening | undefined
  let isReachable = true
  let closing = false
  let wake = () => {}

  async function beatUntilClosed() {
    while (!closing) {
      await beat()
      if (!closing) await rest()
    }
  }

  async function beat() {
    try {
      listening ??= await open()
      await beatProcess(listening.db, { ...door, runningForMs: performance.now() - startedAt })
      isReachable = true
      // What was asked while nobody listened, and what could not be answered.
      const proofIds = await listOpenProofs(listening.db, { processId: door.id, withinMs: answerWithinMs })
      for (const proofId of proofIds) answer(proofId)
    } catch (error) {
      lose(error)
    }
  }

  function rest() {
    return new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, beatEveryMs)
      timer.unref()
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async function open(): Promise<Listening> {
    let opened: Listening | undefined
    opened = await listen({
      url,
      applicationName: 'partner-tokens gateway attendance',
      channel: refusalProofChannel,
      onNotification: answer,
      onLost(error) {
        if (!opened || opened !== listening) return
        lose(error)
        wake()
      },
    })
    return opened
  }

  function lose(error: unknown) {
    listening?.close().catch(() => {})
    listening = undefined
    if (isReachable) onError(error)
    isReachable = false
  }

  function answer(proofId: string) {
    if (closing || answering.has(proofId)) return
    const answered = answerProof(proofId, { db, verifier, door })
      .then(onProven, onError)
      .finally(() => answering.delete(proofId))
    answering.set(proofId, answered)
  }

  const beating = beatUntilClosed()
  return {
    async close() {
      closing = true
      wake()
      await beating
      await Promise.all(answering.values())
      try {
        if (listening) await removeProcess(listening.db, door.id)
      } catch (error) {
        onError(error)
      }
      await listening?.close().catch(() => {})
    },
  }
}
