import { setTimeout as pause } from 'node:timers/promises'
import { v7 as uuidv7 } from 'uuid'
import {
  beginCanaryRun,
  type CanaryRunEnd,
  endCanaryRun,
  insertCanaryToken,
  prepareCanary,
  removeCanaryRun,
  revokeCanaryToken,
} from '#db/queries/verification/canary-runs.ts'
import { listGatewaysToCall } from '#db/queries/verification/gateway-processes.ts'
import type { Database } from '../process/database.ts'
import { aliveWithinMs } from '../proofs/liveness.ts'
import { mintToken } from '../tokens/model/mint.ts'
import { type GatewayCaller, openGatewayCaller } from './call-gateway.ts'

type CanaryTools = {
  db: Database
  /** Revokes; its commits wait for the synchronous standby, as those of people do. */
  strictDb: Database
  /** Ends the run at once, as if it had never begun. */
  signal?: AbortSignal
  limits?: Partial<CanaryLimits>
}

/** All in milliseconds. */
export type CanaryLimits = {
  /** For one call. */
  answerWithinMs: number
  /** Until all have accepted the token; then it is revoked, whoever has not. */
  acceptedWithinMs: number
  /** From the confirmation on, until all have refused it. */
  refusedWithinMs: number
  /** Between two calls of one gateway. */
  everyMs: number
  /** A gateway that was heard of so lately, and did not end in order, has to answer: it may be frozen, and go on. */
  heardWithinMs: number
}

const defaultLimits: CanaryLimits = {
  answerWithinMs: 1_000,
  acceptedWithinMs: 3_000,
  refusedWithinMs: 10_000,
  everyMs: 5,
  heardWithinMs: 600_000,
}

/** Of each minute one run, by whichever worker comes first (docs/decisions/031-the-canary.md). @returns in how many ms the next is due. */
export async function runCanary(tools: CanaryTools): Promise<{ nextInMs: number }> {
  const { db, strictDb, signal = new AbortController().signal } = tools
  const { minute, nextInMs } = await beginCanaryRun(db)
  if (!minute) return { nextInMs }
  const end = await measure({ db, strictDb, signal, limits: { ...defaultLimits, ...tools.limits } })
  if (signal.aborted) await removeCanaryRun(db, minute)
  else await endCanaryRun(db, minute, end)
  return { nextInMs }
}

type Watched = {
  name: string
  isAlive: boolean
  caller: GatewayCaller
  hasAccepted: boolean
  isGone: boolean
  /** Calls that were sent after the confirmation, and accepted. */
  acceptedAfterwards: number
  /** When it first refused one that was. */
  refusedAt: number | undefined
}

type Measuring = { db: Database; strictDb: Database; signal: AbortSignal; limits: CanaryLimits }

async function measure({ db, strictDb, signal, limits }: Measuring): Promise<CanaryRunEnd> {
  const found = await listGatewaysToCall(db, { aliveWithinMs, withinMs: limits.heardWithinMs })
  // One that does not say where it is cannot be called. Once it is silent as well, it is of a version that is gone.
  const nameless = found.filter(({ address, isAlive }) => address === null && isAlive)
  const watched = found.flatMap(({ id, name, address, isAlive }): Watched[] =>
    address === null
      ? []
      : [
          {
            ...{ name, isAlive, caller: openGatewayCaller({ id, address }) },
            ...{ hasAccepted: false, isGone: false, acceptedAfterwards: 0, refusedAt: undefined },
          },
        ],
  )
  const ended = new AbortController()
  const over = AbortSignal.any([ended.signal, signal])
  try {
    if (watched.length === 0) return endOf({ watched, nameless })
    await prepareCanary(db)
    const { text, ...secret } = mintToken()
    const id = uuidv7()
    await insertCanaryToken(strictDb, { id, ...secret })

    let confirmedAt: number | undefined
    const calling = watched.map((gateway) =>
      callOnAndOn(gateway, { text, limits, over, confirmed: () => confirmedAt }),
    )
    const first = { withinMs: limits.acceptedWithinMs, over }
    await untilAll(watched, ({ hasAccepted, isGone }) => hasAccepted || isGone, first)
    const askedAt = performance.now()
    // A transaction, for whoever commits one waits for the standby, and for gateways that answer from memory.
    await strictDb.transaction((tx) => revokeCanaryToken(tx, id))
    confirmedAt = performance.now()
    const then = { withinMs: limits.refusedWithinMs, over }
    await untilAll(watched, ({ hasAccepted, refusedAt }) => !hasAccepted || refusedAt !== undefined, then)
    ended.abort()
    await Promise.all(calling)
    return endOf({ watched, nameless, askedAt, confirmedAt })
  } finally {
    ended.abort()
    await Promise.all(watched.map(({ caller }) => caller.close()))
  }
}

type Calling = { text: string; limits: CanaryLimits; over: AbortSignal; confirmed: () => number | undefined }

/** Without a pause that an answer could hide in; a gateway that has refused is called on too, until all have. */
async function callOnAndOn(gateway: Watched, { text, limits, over, confirmed }: Calling): Promise<void> {
  while (!over.aborted) {
    const isAfterwards = confirmed() !== undefined
    const verdict = await gateway.caller.call(text, limits.answerWithinMs)
    if (verdict === 'accepted') {
      gateway.hasAccepted = true
      if (isAfterwards) gateway.acceptedAfterwards++
    } else if (verdict === 'refused' && isAfterwards) {
      gateway.refusedAt ??= performance.now()
    } else if (verdict === 'gone' && !gateway.isAlive) {
      gateway.isGone = true
      return
    }
    await pause(limits.everyMs, undefined, { signal: over }).catch(() => {})
  }
}

/** As soon as it holds for all, or after `withinMs`. */
async function untilAll(
  watched: Watched[],
  holds: (gateway: Watched) => boolean,
  { withinMs, over }: { withinMs: number; over: AbortSignal },
) {
  const until = performance.now() + withinMs
  while (!over.aborted && performance.now() < until && !watched.every(holds)) await pause(1)
}

type Measured = { watched: Watched[]; nameless: { name: string }[]; askedAt?: number; confirmedAt?: number }

function endOf({ watched, nameless, askedAt, confirmedAt }: Measured): CanaryRunEnd {
  const called = watched.filter(({ isGone }) => !isGone)
  const refused = called.filter(({ hasAccepted, refusedAt }) => hasAccepted && refusedAt !== undefined)
  const slowest = Math.max(...refused.map(({ refusedAt = 0 }) => refusedAt))
  const since = (at: number) => Math.ceil(at - (askedAt ?? at))
  return {
    gateways: called.length + nameless.length,
    refused: refused.length,
    confirmedAfterMs: confirmedAt === undefined ? null : since(confirmedAt),
    refusedAfterMs: refused.length === 0 ? null : since(slowest),
    acceptedAfterwards: called.reduce((sum, one) => sum + one.acceptedAfterwards, 0),
    accepting: called.filter((one) => one.acceptedAfterwards > 0).map(({ name }) => name),
    silent: [...called.filter((one) => !refused.includes(one)), ...nameless].map(({ name }) => name),
  }
}
