import { mostProofsRead, readCanary } from '#db/queries/verification/canary-runs.ts'
import type { Database } from '../process/database.ts'
import { minuteMs } from '../time/units.ts'

/** In milliseconds, of the last 30 days; null where there is nothing to say. */
export type Spread = {
  lastMs: number | null
  p50Ms: number | null
  p99Ms: number | null
  worstMs: number | null
}

/**
 * Why the figure is red. `accepted`: a call that was sent after the confirmation was let in. `silent`: a gateway did not answer as it must.
 * `no-gateway`: none is alive. `broke-off`: the last run has no end. `late`: there was no run for three minutes: no worker is at work.
 */
export type CanaryProblem = 'accepted' | 'silent' | 'no-gateway' | 'broke-off' | 'late'

/** How soon a revoked token is refused everywhere, as the canary finds each minute, and as real revocations were proven. */
export type CanaryFigure = {
  /** `green`: the last run found nothing wrong. `unknown`: there was no run yet. */
  state: 'green' | 'red' | 'unknown'
  problems: CanaryProblem[]
  asOf: Date
  lastRunAt: Date | null
  /** Of the last run. */
  gateways: number
  refused: number
  silent: string[]
  accepting: string[]
  ofCanary: Spread & {
    runs: number
    /** Runs in which anything was wrong. */
    faulty: number
    /** Calls, not runs. */
    acceptedAfterwards: number
    lastAcceptedAt: Date | null
  }
  /** Of tokens that people and programs revoked, the last 10,000 at most. */
  ofRevocations: Spread & {
    proofs: number
    /** Of these: a gateway would still have accepted the token, when it was asked. */
    accepting: number
    /** Of these: a gateway did not answer in time. */
    silent: number
    isSample: boolean
  }
}

const lateAfterMs = 3 * minuteMs

export async function readCanaryFigure({ db }: { db: Database }): Promise<CanaryFigure> {
  return figureOf(await readCanary(db))
}

export function figureOf({
  asOf,
  last,
  ofCanary,
  ofRevocations,
}: Awaited<ReturnType<typeof readCanary>>): CanaryFigure {
  const now = new Date(asOf)
  const problems = last ? problemsOf(last, now) : []
  return {
    state: last ? (problems.length > 0 ? 'red' : 'green') : 'unknown',
    problems,
    asOf: now,
    lastRunAt: last && new Date(last.minute),
    gateways: last?.gateways ?? 0,
    refused: last?.refused ?? 0,
    silent: last?.silent ?? [],
    accepting: last?.accepting ?? [],
    ofCanary: {
      ...ofCanary,
      lastMs: last?.refusedAfterMs ?? null,
      lastAcceptedAt: ofCanary.lastAcceptedAt === null ? null : new Date(ofCanary.lastAcceptedAt),
    },
    ofRevocations: { ...ofRevocations, isSample: ofRevocations.proofs >= mostProofsRead },
  }
}

type LastRun = NonNullable<Awaited<ReturnType<typeof readCanary>>['last']>

function problemsOf(
  { minute, endedAt, gateways, refused, acceptedAfterwards }: LastRun,
  now: Date,
): CanaryProblem[] {
  const problems: CanaryProblem[] = []
  if (now.getTime() - new Date(minute).getTime() > lateAfterMs) problems.push('late')
  if (endedAt === null) return [...problems, 'broke-off']
  if (acceptedAfterwards > 0) problems.push('accepted')
  if (gateways === 0) problems.push('no-gateway')
  if (refused < gateways) problems.push('silent')
  return problems
}
