import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { type JobQueue, jobQueues } from '#db/job-queues.ts'
import { readBacklog } from '#db/queries/database/backlog.ts'
import { type CanaryFigure, readCanaryFigure, type Spread } from '#lib/canary/figure.ts'
import type { Database } from '#lib/process/database.ts'
import { shareAnswer } from '#lib/process/shared-answer.ts'

/** What Prometheus learns of this worker, and of what waits for all of them. */
export function createWorkerMetrics({ db }: { db: Database }) {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const jobs = new Counter({
    name: 'worker_jobs_total',
    help: 'Jobs of this process, by queue, done or failed; most that failed are tried again.',
    labelNames: ['queue', 'outcome'],
    registers,
  })
  for (const queue of Object.keys(jobQueues)) {
    for (const outcome of ['done', 'failed']) jobs.inc({ queue, outcome }, 0)
  }
  const givenUp = new Counter({
    name: 'worker_given_up_total',
    help: 'Mails and webhooks that this process has given up: they are not tried again by themselves.',
    labelNames: ['what'],
    registers,
  })
  for (const what of ['mail', 'webhook']) givenUp.inc({ what }, 0)
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers })
  const oldest = gauge(
    'worker_oldest_undispatched_event_seconds',
    'Age of the oldest event that was not dispatched.',
  )
  const mails = gauge('worker_mails_waiting', 'Mails that are still to be sent, counted up to 1,000.')
  const deliveries = gauge(
    'worker_deliveries_waiting',
    'Webhooks that are still to be delivered, counted up to 1,000.',
  )
  const plans = gauge(
    'worker_plans_due',
    'Plans whose time has come and that are not done, counted up to 1,000.',
  )
  const unlogged = gauge(
    'worker_log_queue_length',
    'Revocations and the like that are not in their log yet, counted up to 1,000.',
  )
  const oldestUnlogged = gauge('worker_log_queue_oldest_seconds', 'Age of the oldest of these.')
  const faults = gauge(
    'worker_log_faults',
    'Where the record and the log of revocations differed when this process last looked at all of it.',
  )
  const canary = createCanaryGauges(registry)
  /** It reads 30 days: no oftener, however often it is asked. */
  const readFigure = shareAnswer(() => readCanaryFigure({ db }), { forMs: 10_000 })

  return {
    onLogChecked: (count: number) => faults.set(count),
    onJob: (queue: JobQueue, outcome: 'done' | 'failed') => jobs.inc({ queue, outcome }),
    onGivenUp: (what: 'mail' | 'webhook') => givenUp.inc({ what }),
    async read() {
      // Without a database the counts of this process are shown all the same.
      const backlog = await readBacklog(db).catch(() => undefined)
      oldest.set(backlog?.oldestUndispatchedSeconds ?? Number.NaN)
      mails.set(backlog?.mails ?? Number.NaN)
      deliveries.set(backlog?.deliveries ?? Number.NaN)
      plans.set(backlog?.plans ?? Number.NaN)
      unlogged.set(backlog?.unlogged ?? Number.NaN)
      oldestUnlogged.set(backlog?.oldestUnloggedSeconds ?? Number.NaN)
      canary.show(await readFigure().catch(() => undefined))
      return { contentType: registry.contentType, text: await registry.metrics() }
    },
  }
}

/** How soon revoked tokens are refused, the same on every worker. */
function createCanaryGauges(registry: Registry) {
  const registers = [registry]
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers })
  const seconds = gauge(
    'worker_refusal_seconds',
    'From asking for a revocation until the slowest gateway refused: of the canary, or of real revocations; the last, and of 30 days.',
    ['of', 'figure'],
  )
  const accepted = gauge(
    'worker_canary_accepted_after_confirmation',
    'Calls of 30 days that a gateway accepted although they were sent after the confirmation. 0, or something is very wrong.',
  )
  const silent = gauge(
    'worker_canary_silent_gateways',
    'Gateways that did not answer the last canary as they must.',
  )
  const gateways = gauge('worker_canary_gateways', 'Gateways that the last canary called.')
  const age = gauge('worker_canary_age_seconds', 'Since the last canary began.')
  const red = gauge(
    'worker_canary_red',
    '1: the last canary found something wrong, or there was none for three minutes.',
  )

  const showSpread = (of: string, spread: Spread | undefined) => {
    const figures = { last: spread?.lastMs, p50: spread?.p50Ms, p99: spread?.p99Ms, worst: spread?.worstMs }
    for (const [figure, ms] of Object.entries(figures)) {
      seconds.set({ of, figure }, ms === undefined || ms === null ? Number.NaN : ms / 1000)
    }
  }
  return {
    show(figure: CanaryFigure | undefined) {
      showSpread('canary', figure?.ofCanary)
      showSpread('revocations', figure?.ofRevocations)
      accepted.set(figure?.ofCanary.acceptedAfterwards ?? Number.NaN)
      silent.set(figure ? figure.gateways - figure.refused : Number.NaN)
      gateways.set(figure?.gateways ?? Number.NaN)
      age.set(figure?.lastRunAt ? (figure.asOf.getTime() - figure.lastRunAt.getTime()) / 1000 : Number.NaN)
      red.set(figure && figure.state !== 'unknown' ? Number(figure.state === 'red') : Number.NaN)
    },
  }
}
