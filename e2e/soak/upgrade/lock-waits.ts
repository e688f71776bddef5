import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'

const everyMs = 20

/**
 * Looks again and again at who waits for a lock behind `db:migrate`: what callers notice of it, whatever else the machine does.
 * @param ownerUrl the login that migrates: it sees its own connections by name.
 */
export async function watchLockWaits(ownerUrl: string) {
  const client = new Client({ connectionString: ownerUrl, application_name: 'upgrade watch' })
  await client.connect()
  let isOver = false
  let longestMs = 0
  const waits = new Set<string>()
  const watching = (async () => {
    while (!isOver) {
      const { rows } = await client.query<{ pid: number; since: Date; ms: number }>(behindMigration)
      for (const { pid, since, ms } of rows) {
        waits.add(`${pid} ${since.getTime()}`)
        longestMs = Math.max(longestMs, Number(ms))
      }
      await pause(everyMs)
    }
  })()
  return {
    /** @returns how many waits were seen, and the longest: looked at each 20 ms, so that shorter ones may be missed. */
    async stop() {
      isOver = true
      await watching
      await client.end()
      return { count: waits.size, longestMs }
    },
  }
}

const behindMigration = `
  select waiting.pid, waiting.waitstart as since, extract(epoch from clock_timestamp() - waiting.waitstart) * 1000 as ms
  from pg_locks waiting
  where not waiting.granted and waiting.waitstart is not null and exists (
    select from pg_stat_activity migrating
    where migrating.application_name = 'partner-tokens migrate' and migrating.pid <> waiting.pid
    and migrating.pid = any(pg_blocking_pids(waiting.pid)))`
