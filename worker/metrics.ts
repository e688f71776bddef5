import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { type JobQueue, jobQueues } from '#db/job-queues.ts'
import { readBacklog } from '#db/queries/database/backlog.ts'
import type { Database } from '#lib/process/database.ts'

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
      return { contentType: registry.contentType, text: await registry.metrics() }
    },
  }
}
