import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '#db/client.ts'
import { readBacklog } from '#db/queries/database/backlog.ts'
import { giveUpMails, listUntriedMails } from '#db/queries/notifications/mails.ts'
import { listDueDeliveries } from '#db/queries/notifications/webhook-deliveries.ts'
import { remind } from '#lib/notifications/reminders/remind.ts'
import { executeRetirements } from '#lib/tokens/execute-retirements.ts'
import { expireHandovers } from '#lib/tokens/expire-handovers.ts'
import { startEmbeddedPostgres } from '#tools/embedded-postgres/postgres.ts'
import { fillWithWaitingWork } from './filled-jobs.ts'
import { type Case, type Filled, measureGrowth } from './growth.ts'
import { openResults } from './results.ts'

/**
 * The database time of the jobs of each minute as more waits and as much is due; see README.md.
 * `node bench/jobs.ts [--rounds 50] [--sizes 1000,1000000] [--no-results]`
 */

const limit = 1.2
const rounds = Number(argument('--rounds') ?? 50)
const sizes = (argument('--sizes') ?? '1000,1000000').split(',').map(Number)

const results = openResults({ file: 'scale', bench: 'jobs', rounds })
const { signal } = new AbortController()
const sixMinutesMs = 6 * 60_000
const judged = (work: Case['work']): Case => ({ work, limit })
const jobs: Record<string, Case> = {
  reminders: judged((db) => {
    const now = new Date()
    return remind({ db, signal, now, since: new Date(now.getTime() - sixMinutesMs) })
  }),
  'retirement plans': judged(async (db) => (await executeRetirements({ db })).retired),
  'waiting texts': judged((db) => expireHandovers({ db })),
  'webhooks due': judged(async (db) => (await listDueDeliveries(db, { ofEndpoint: 10, all: 500 })).length),
  'mails to queue': judged(async (db) => (await listUntriedMails(db, 500)).length),
  'mails to give up': judged(async (db) => (await giveUpMails(db, 500)).givenUp.length),
  'backlogs (metrics)': judged(async (db) => (await readBacklog(db))?.deliveries ?? 0),
}
const ofEachHour: Record<string, Case> = {
  'all reminders, each hour': { work: (db: Database) => remind({ db, signal }) },
}

const dataDir = await mkdtemp(join(tmpdir(), 'partner-tokens-bench-'))
process.once('SIGINT', () => process.exit(130))
const settings = ['max_wal_size=8GB', 'shared_buffers=512MB', 'autovacuum=off']
const cluster = await startEmbeddedPostgres({ dataDir, durability: 'throwaway', settings })
const opened: Filled[] = []
try {
  for (const size of sizes) {
    const from = performance.now()
    opened.push(await fillWithWaitingWork(cluster, size))
    console.error(
      `filled ${size.toLocaleString('en')} in ${((performance.now() - from) / 1000).toFixed(0)} s`,
    )
  }
  await measureGrowth(opened, jobs, { rounds, head: 'printed', results })
  await measureGrowth(opened, ofEachHour, { rounds: 3, head: 'there', results })
  await results.write()
} finally {
  for (const { db } of opened) await db.$client.end()
  await cluster.stop()
  await rm(dataDir, { recursive: true, force: true })
}

function argument(name: string): string | undefined {
  const at = process.argv.indexOf(name)
  return at === -1 ? undefined : process.argv[at + 1]
}
