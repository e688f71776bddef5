import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TransactionRollbackError } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { startEmbeddedPostgres } from '#db/embedded/postgres.ts'
import { readBacklog } from '#db/queries/backlog.ts'
import { listUntriedMails } from '#db/queries/mails.ts'
import { listDueDeliveries } from '#db/queries/webhook-deliveries.ts'
import { executeRetirements } from '#lib/tokens/execute-retirements.ts'
import { lapseHandovers } from '#lib/tokens/lapse-handovers.ts'
import { timeOfStatements } from './database-clock.ts'
import { fillWithWaitingWork, type WaitingWork } from './filled-jobs.ts'
import { median, quantile, ratioOf } from './statistics.ts'

/**
 * The database time of the jobs of each minute as more waits and as much is due; see README.md.
 * `node bench/jobs.ts [--rounds 50] [--sizes 1000,1000000]`
 */

const limit = 1.2
const warmUpRounds = 10
const rounds = Number(argument('--rounds') ?? 50)
const sizes = (argument('--sizes') ?? '1000,1000000').split(',').map(Number)

/** Each returns how much it found. */
const jobs: Record<string, (db: Database) => Promise<number>> = {
  'retirement plans': async (db) => (await executeRetirements({ db })).retired,
  'waiting texts': (db) => lapseHandovers({ db }),
  'webhooks due': async (db) => (await listDueDeliveries(db, { ofEndpoint: 10, all: 500 })).length,
  'mails to queue': async (db) => (await listUntriedMails(db, 500)).length,
  'backlogs (metrics)': async (db) => (await readBacklog(db))?.deliveries ?? 0,
}

const dataDir = await mkdtemp(join(tmpdir(), 'partner-tokens-bench-'))
process.once('SIGINT', () => process.exit(130))
const cluster = await startEmbeddedPostgres({ dataDir, durability: 'throwaway' })
const opened: WaitingWork[] = []
try {
  for (const size of sizes) {
    opened.push(await fillWithWaitingWork(cluster, size))
    console.error(`filled ${size.toLocaleString('en')}`)
  }
  for (const line of await measure(opened)) console.log(line)
} finally {
  for (const { db } of opened) await db.$client.end()
  await cluster.stop()
  await rm(dataDir, { recursive: true, force: true })
}

async function measure(databases: WaitingWork[]) {
  const heads = databases.map(({ count }) => count.toLocaleString('en'))
  const lines = [
    `| job | ${heads.join(' | ')} | ${heads.at(-1)} : ${heads[0]} | |`,
    `|---|${'---|'.repeat(heads.length + 2)}`,
  ]
  for (const [name, job] of Object.entries(jobs)) {
    const times = databases.map((): number[] => [])
    const found: number[] = []
    for (let round = -warmUpRounds; round < rounds; round++) {
      for (let turn = 0; turn < databases.length; turn++) {
        // Each size takes every place of the rotation.
        const at = (turn + round + warmUpRounds) % databases.length
        const { db } = databases[at] as WaitingWork
        const { databaseMs, result } = await undone(db, (tx) => timeOfStatements(() => job(tx)))
        found[at] = result
        if (round >= 0) times[at]?.push(databaseMs)
      }
    }
    const columns = times.map(
      (ms, at) =>
        `${found[at]} found, ${median(ms).toFixed(2)} (${quantile(ms, 0.25).toFixed(2)}–${quantile(ms, 0.75).toFixed(2)})`,
    )
    const { ratio, lowest, highest } = ratioOf(times.at(-1) ?? [], times[0] ?? [])
    const verdict = ratio <= limit ? 'ok' : `above ${limit}`
    lines.push(
      `| ${name} | ${columns.join(' | ')} | **${ratio.toFixed(2)}** (${lowest.toFixed(2)}–${highest.toFixed(2)}) | ${verdict} |`,
    )
  }
  return lines
}

/** The next round finds the same. */
async function undone<T>(db: Database, work: (tx: Database) => Promise<T>): Promise<T> {
  let result: T | undefined
  try {
    await db.transaction(async (tx) => {
      result = await work(tx as unknown as Database)
      tx.rollback()
    })
  } catch (error) {
    if (!(error instanceof TransactionRollbackError)) throw error
  }
  return result as T
}

function argument(name: string): string | undefined {
  const at = process.argv.indexOf(name)
  return at === -1 ? undefined : process.argv[at + 1]
}
