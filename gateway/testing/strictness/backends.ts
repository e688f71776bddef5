import { setTimeout as pause } from 'node:timers/promises'
import type { Pool } from 'pg'
import { lookUpApplicationName } from '#lib/verification/gateway-databases.ts'
import { leaseApplicationName } from '#lib/verification/lease-keeper.ts'

/**
 * The processes of PostgreSQL behind the connections by which gateways look tokens up in this database, or renew their leases; waits
 * until there are some.
 * @param login signed in as the application's login, without changing its role: only then it sees and ends its own.
 */
export async function lookUpBackends(login: Pool): Promise<number[]> {
  for (let triesLeft = 500; triesLeft > 0; triesLeft--) {
    const { rows } = await login.query<{ pid: number }>(
      `select pid from pg_stat_activity
       where datname = current_database() and application_name = any($1) order by pid`,
      [[lookUpApplicationName, leaseApplicationName]],
    )
    if (rows.length > 0) return rows.map(({ pid }) => pid)
    await pause(10)
  }
  throw new Error('No gateway has a connection for its look-ups.')
}

/** Ends the connections as an administrator would: their clients hear of it. */
export async function terminateBackends(login: Pool, pids: number[]) {
  await login.query('select pg_terminate_backend(pid) from unnest($1::int[]) as pid', [pids])
}

/**
 * Stops the processes in the middle of whatever they do: they keep their connections, and answer nothing.
 * @returns what lets them go on. Throws EPERM where they belong to another user of the system.
 */
export function freezeBackends(pids: number[]): { frozen: number; thaw: () => void } {
  const frozen = pids.filter((pid) => signal(pid, 'SIGSTOP'))
  return {
    frozen: frozen.length,
    thaw() {
      for (const pid of frozen) signal(pid, 'SIGCONT')
    },
  }
}

/** False where the process has ended meanwhile. */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(pid, name)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}
