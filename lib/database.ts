import { connect, type Database } from '#db/client.ts'
import { env } from './env.ts'
import { log } from './log.ts'

export type { Database }

const key = Symbol.for('partner-tokens.database')
/** Kept on the process, because Next's bundles may each have a copy of this module. */
const processWide = globalThis as { [key]?: Database | undefined }

/** The process's pool on `DATABASE_URL`, made at its first use. */
export function getDatabase(): Database {
  processWide[key] ??= connect({
    url: env().DATABASE_URL,
    applicationName: 'partner-tokens web',
    onIdleError: (error) => log.warn({ err: error }, 'an idle connection to the database broke'),
  })
  return processWide[key]
}

/** Waits for what is under way, then closes the process's pool. */
export async function closeDatabase(): Promise<void> {
  const database = processWide[key]
  processWide[key] = undefined
  await database?.$client.end()
}
