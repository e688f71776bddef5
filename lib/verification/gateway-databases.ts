import { connect, type Queryable } from '#db/client.ts'
import { lookUpSettings, planLookUpsAnew, refuseReplica } from '#db/queries/verification/look-up-tokens.ts'
import type { Database } from '../process/database.ts'
import { type Repetition, repeat } from '../process/repeat.ts'
import { defaultLookUpLimits, type LookUpLimits } from './look-up-batches.ts'
import { lookUpIn } from './verify.ts'

export type GatewayDatabases = {
  /** For looking tokens up and nothing else, so that no other work can hold its connections. */
  lookUps: Database
  /** For orders, and for the state of the database. */
  rest: Database
  /** For ending tokens: what waits for a row or a standby there holds up nothing else. */
  revocations: Database
  /** For counts, signs of life and proofs, which may be lost with the primary: no commit there waits for a standby. */
  bookkeeping: Database
  /** Opens the connections of the look-ups, so that the first calls need not. Rejects when there is no way. */
  warmUp(): Promise<void>
  close(): Promise<void>
}

type GatewayDatabaseOptions = {
  url: string
  /** Those of the verifier that works on them. */
  limits?: LookUpLimits
  onIdleError?: (error: Error) => void
  /** Called each time that all connections of the look-ups answered. */
  onAnswer?: () => void
  /** Why the look-ups work on with an old plan. */
  onPlanError?: (error: unknown) => void
  /** What each connection of the look-ups has to pass, before a call is looked up on it. */
  check?: (db: Queryable) => Promise<void>
  /** A statement that each connection of the look-ups begins with; none by default. */
  beforeReplicaCheck?: string
  /** Give or take a fifth; 1,000 by default. */
  planEveryMs?: number
}

/** A table may grow from ten rows to a hundred thousand in no time, and the plan for ten is wrong then. */
const defaultPlanEveryMs = 1_000

/** From then on, in milliseconds, a connection without an answer is given up for a new one. */
const givenUpAfterMs = 1_000

/** What pg_stat_activity calls the connections of the look-ups. */
export const lookUpApplicationName = 'partner-tokens gateway look-ups'

/** A gateway process's pools on `url`. They connect when first used, and again after a failure. */
export function openGatewayDatabases(options: GatewayDatabaseOptions): GatewayDatabases {
  const { url, limits = defaultLookUpLimits, planEveryMs = defaultPlanEveryMs } = options
  const { onIdleError = () => {}, onPlanError = () => {}, onAnswer = () => {} } = options
  const { maxQueries, deadlineMs } = limits
  const lookUps = connect({
    url,
    applicationName: lookUpApplicationName,
    maxConnections: maxQueries,
    // Whoever asked has gone after `deadlineMs`. An answer that is only late must not cost the connection as well: a new
    // one takes several times as long as a look-up.
    acquireTimeoutMs: Math.max(givenUpAfterMs, deadlineMs),
    queryTimeoutMs: Math.max(givenUpAfterMs, deadlineMs),
    // The first call after a quiet night is to be as fast as any.
    idleTimeoutMs: 0,
    settings: [lookUpSettings, options.beforeReplicaCheck, refuseReplica].filter(Boolean).join(';\n'),
    check: options.check,
    onIdleError,
  })
  const rest = connect({
    url,
    applicationName: 'partner-tokens gateway',
    maxConnections: 2,
    acquireTimeoutMs: 2_000,
    queryTimeoutMs: 3_000,
    onIdleError,
  })
  const revocations = connect({
    url,
    applicationName: 'partner-tokens gateway revocations',
    maxConnections: 2,
    acquireTimeoutMs: 2_000,
    // Longer than a commit waits for a standby that does not answer.
    queryTimeoutMs: 5_000,
    lockTimeoutMs: 2_000,
    onIdleError,
  })
  const bookkeeping = connect({
    url,
    applicationName: 'partner-tokens gateway bookkeeping',
    maxConnections: 2,
    acquireTimeoutMs: 2_000,
    queryTimeoutMs: 3_000,
    commits: 'local',
    // What it asks it asks by keys, and a statement that is prepared keeps its plan while tables grow.
    settings: 'set enable_seqscan = off',
    onIdleError,
  })
  /** All at once, so that the pool gives each of its connections, and opens those that were lost. */
  const onEveryConnection = (ask: () => Promise<unknown>) =>
    Promise.all(Array.from({ length: maxQueries }, ask))
  let planning: Repetition | undefined
  async function planAnew() {
    await onEveryConnection(() => planLookUpsAnew(lookUps))
    onAnswer()
  }
  return {
    lookUps,
    rest,
    revocations,
    bookkeeping,
    async warmUp() {
      planning ??= repeat(planAnew, { everyMs: planEveryMs, onError: onPlanError })
      await onEveryConnection(() => lookUpIn(lookUps)([]))
    },
    async close() {
      await planning?.stop()
      await Promise.all([lookUps, rest, revocations, bookkeeping].map((one) => one.$client.end()))
    },
  }
}
