import { randomUUID } from 'node:crypto'
import { boundedClients } from '#db/bounded-clients.ts'
import { type Listening, listen } from '#db/listening.ts'
import { noteEnd, noteHeartbeat, removeProcess } from '#db/queries/verification/gateway-processes.ts'
import { listOpenProofs, refusalProofChannel } from '#db/queries/verification/refusal-proofs.ts'
import type { Database } from '../process/database.ts'
import type { Verifier } from '../verification/verify.ts'
import { answerProof } from './answer.ts'
import { heartbeatEveryMs as defaultHeartbeatEveryMs } from './liveness.ts'
import { createReliedAnswers, type ReliedAnswers } from './relied-answers.ts'

/** A process of the gateway that has registered: it says that it is alive, and proves its refusals when asked. */
export type ProofResponder = {
  /** As soon as the first heartbeat is written: every question that is put from then on reaches this process. */
  registered: Promise<void>
  /** Takes the registration back: no proof waits for this process any more. Does not throw. */
  close(): Promise<void>
}

type ProofResponderOptions = {
  /** For the connection that sends heartbeats and listens; `db` is for answering. */
  url: string
  db: Database
  /** By which it is registered; made up by default. */
  id?: string
  /** How people know the process. */
  name: string
  /** Where the worker calls this process, and no other one. */
  address?: string | undefined
  /** The one that answers the calls. */
  verifier: Verifier
  /** What it answered services that introspect; none asks where it is not given. */
  relied?: ReliedAnswers | undefined
  heartbeatEveryMs?: number
  /** Called for each question that was answered. */
  onProven?: (() => void) | undefined
  /** Called for each heartbeat, with its moment by the database's clock. */
  onAlive?: ((at: Date) => void) | undefined
  /** Called for each heartbeat that failed, and each question that could not be answered. */
  onError?: (error: unknown) => void
}

/** Whoever asked has gone long before; the answer is for the record. */
const answerWithinMs = 60_000

/** Connections that were given up, and that the server has not ended, beside the one at work. */
const maxAbandoned = 2

/**
 * Registers, now or as soon as there is a database, and sends heartbeats from then on, on a connection of its own that also
 * listens for questions. Where a heartbeat fails the connection hears nothing either: the next heartbeat makes a new one.
 */
export function startProofResponder(options: ProofResponderOptions): ProofResponder {
  const { url, db, name, verifier, heartbeatEveryMs = defaultHeartbeatEveryMs } = options
  const { relied = createReliedAnswers(), onProven, onAlive, onError = () => {} } = options
  const gateway = { id: options.id ?? randomUUID(), name }
  const Client = boundedClients(maxAbandoned)
  const startedAt = performance.now()
  /** Questions that wait, in the order in which they were put. */
  let unanswered = new Set<string>()
  let underWay: string | undefined
  let answering: Promise<void> | undefined
  let listening: Listening | undefined
  let closing = false
  const { promise: registered, resolve: isRegistered } = Promise.withResolvers<void>()
  let wake = () => {}

  async function sendHeartbeats() {
    while (!closing) {
      await sendHeartbeat()
      if (!closing) await rest()
    }
  }

  async function sendHeartbeat() {
    try {
      listening ??= await open()
      const runningForMs = performance.now() - startedAt
      const { maxAges } = relied
      const at = await noteHeartbeat(listening.db, {
        ...gateway,
        runningForMs,
        maxAges,
        address: options.address,
      })
      onAlive?.(at)
      isRegistered()
      // What was asked while nobody listened, and what could not be answered.
      const proofIds = await listOpenProofs(listening.db, { processId: gateway.id, withinMs: answerWithinMs })
      // Whatever else is known was put since.
      answer([...proofIds, ...unanswered])
    } catch (error) {
      lose(error)
    }
  }

  function rest() {
    return new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, heartbeatEveryMs)
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
      Client,
      applicationName: 'partner-tokens gateway proofs',
      channel: refusalProofChannel,
      onNotification: (proofId) => answer([...unanswered, proofId]),
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
    onError(error)
  }

  function answer(proofIds: string[]) {
    if (closing) return
    unanswered = new Set(proofIds.filter((proofId) => proofId !== underWay))
    if (unanswered.size > 0) answering ??= answerAll()
  }

  /** One after the other: calls share the verifier, and are not to wait behind a thousand proofs. */
  async function answerAll() {
    for (;;) {
      // Whoever asked last is the likeliest to be waiting still.
      underWay = [...unanswered].at(-1)
      if (underWay === undefined) break
      unanswered.delete(underWay)
      await answerOne(underWay)
    }
    answering = undefined
  }

  async function answerOne(proofId: string) {
    try {
      const { isFirst } = await answerProof(proofId, { db, verifier, relied, gateway })
      if (isFirst) onProven?.()
    } catch (error) {
      onError(error)
      // Without a database none of them can be answered, and the process is to end.
      if (closing) unanswered.clear()
    }
  }

  async function takeBack({ db }: Listening) {
    const { any: reliedUntil } = relied.find([])
    if (Object.keys(reliedUntil).length === 0) await removeProcess(db, gateway.id)
    else await noteEnd(db, { id: gateway.id, reliedUntil })
  }

  const heartbeats = sendHeartbeats()
  return {
    registered,
    async close() {
      closing = true
      wake()
      await heartbeats
      await answering
      try {
        if (listening) await takeBack(listening)
      } catch (error) {
        onError(error)
      }
      await listening?.close().catch(() => {})
    },
  }
}
