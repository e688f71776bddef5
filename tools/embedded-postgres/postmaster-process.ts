import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Binaries } from './binaries.ts'
import { runToEnd } from './run-to-end.ts'

const pidFile = (pgdata: string) => join(pgdata, 'postmaster.pid')

/** No process has it, and PostgreSQL can find that out: larger than any system gives out. */
const nobodysPid = 2_147_483_647

/** @returns what the server says of itself there; undefined while the file is missing or half written. */
export async function readPidFile(pgdata: string) {
  const lines = (await readFile(pidFile(pgdata), 'utf8').catch(() => '')).split('\n')
  const pid = Number.parseInt(lines[0] ?? '', 10)
  return pid > 0 ? { pid, status: lines[7]?.trim() } : undefined
}

/**
 * Ends the server that a killed launcher left running on `pgdata`, and makes way where the file names a
 * process that is something else by now. The caller holds the lock of the data, so nobody needs that server.
 */
export async function endOrphan(pgdata: string, binaries: Binaries) {
  const left = await readPidFile(pgdata)
  if (!left) return rm(pidFile(pgdata), { force: true })
  if (process.platform === 'win32') return stopOnWindows(pgdata, binaries)
  if (servesData(left.pid, pgdata)) return shutDown(left.pid, pgdata)
  // PostgreSQL would refuse to start beside a living process of that number. The other lines stay: they let it
  // look for children of the dead server that still use the data.
  if (isAlive(left.pid)) {
    const [, ...rest] = (await readFile(pidFile(pgdata), 'utf8')).split('\n')
    await writeFile(pidFile(pgdata), [nobodysPid, ...rest].join('\n'))
  }
}

/** Windows knows no signals; PostgreSQL's own tool asks the server through a pipe. */
export async function stopOnWindows(pgdata: string, binaries: Binaries) {
  await runToEnd(binaries.pgCtl, ['stop', '-D', pgdata, '-m', 'fast'], { user: undefined })
}

async function shutDown(pid: number, pgdata: string) {
  for (const { signal, patienceMs } of shutdownSteps) {
    // Asked again before every signal: the number may have gone to a process that is not ours.
    if (servesData(pid, pgdata)) process.kill(pid, signal)
    const deadline = Date.now() + patienceMs
    while (Date.now() < deadline) {
      if (!servesData(pid, pgdata)) return
      await pause(20)
    }
  }
  throw new Error(`PostgreSQL (process ${pid}) of an earlier start does not end.`)
}

/** Fast, immediate, and what no process survives. */
export const shutdownSteps = [
  { signal: 'SIGINT', patienceMs: 30_000 },
  { signal: 'SIGQUIT', patienceMs: 10_000 },
  { signal: 'SIGKILL', patienceMs: 10_000 },
] as const

/** True when the process is a PostgreSQL server on exactly this data folder (its real path). */
export function servesData(pid: number, pgdata: string) {
  try {
    // The server works in its data folder; the link follows even a checkout that was moved meanwhile.
    if (process.platform === 'linux') {
      const [program = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      return basename(program) === 'postgres' && readlinkSync(`/proc/${pid}/cwd`) === pgdata
    }
    const command = execFileSync('ps', ['-ww', '-o', 'command=', '-p', `${pid}`], { encoding: 'utf8' })
    return command.includes(`/postgres -D ${pgdata} `)
  } catch {
    return false
  }
}

function isAlive(pid: number) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
