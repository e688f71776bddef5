import { connect, type Database } from '#db/client.ts'
import { hearStandby, type OnStandby } from '#db/transaction.ts'
import { env } from './env.ts'
import { logDatabaseFailures } from './failure-log.ts'
import { downloadStallSeconds, mostDownloadsOfNode } from './limits.ts'
import { log } from './log.ts'

export type { Database, OnStandby }
/** Whether what was written is on the synchronous standby too; for those who may not ask the database themselves. */
export { hearStandby }

const key = Symbol.for('partner-tokens.database')
type Pools = { reads: Database; actions: Database; programs: Database; downloads: Database }
/** Kept on the process, because Next's bundles may each have a copy of this module. */
const processWide = globalThis as { [key]?: Pools | undefined }

const connectionsOfEach = 6
const connectionsOfPrograms = 4

/** The process's pools on `DATABASE_URL`, made at the first use of one. */
function pools(): Pools {
  const failures = logDatabaseFailures(log)
  const open = (applicationName: string, more: Partial<Parameters<typeof connect>[0]> = {}) => {
    const database = connect({
      url: env().DATABASE_URL,
      applicationName,
      maxConnections: connectionsOfEach,
      onIdleError: failures.failed,
      ...more,
    })
    database.$client.on('connect', failures.worked)
    return database
  }
  processWide[key] ??= {
    reads: open('partner-tokens web'),
    actions: open('partner-tokens web actions'),
    programs: open('partner-tokens web programs', { maxConnections: connectionsOfPrograms }),
    downloads: open('partner-tokens web downloads', {
      maxConnections: mostDownloadsOfNode,
      // The first batch of a long list is put in order whole.
      queryTimeoutMs: 60_000,
      settings: `set idle_in_transaction_session_timeout = '${downloadStallSeconds}s'`,
    }),
  }
  return processWide[key]
}

/** For who is signed in, what pages show and whether the process is ready: nothing there waits for somebody's row. */
export const getDatabase = (): Database => pools().reads

/** For what actions do. However many of them wait, pages and sessions have connections of their own. */
export const getActionDatabase = (): Database => pools().actions

/** For requests of the management API. However many programs ask, people's pages have connections of their own. */
export const getProgramDatabase = (): Database => pools().programs

/** For lists that are downloaded: however long one takes, nobody else waits for its connection. */
export const getDownloadDatabase = (): Database => pools().downloads

/** Waits for what is under way, then closes the process's pools. */
export async function closeDatabase(): Promise<void> {
  const open = processWide[key]
  processWide[key] = undefined
  await Promise.all(Object.values(open ?? {}).map(({ $client }) => $client.end()))
}
