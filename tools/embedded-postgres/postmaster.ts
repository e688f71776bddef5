import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { leash } from '../supervise/leash.mjs'
import type { Binaries } from './binaries.ts'
import type { Cluster } from './cluster.ts'
import { readPidFile, shutdownSteps, stopOnWindows } from './postmaster-process.ts'
import { databaseEnvironment } from './run-to-end.ts'
import type { SystemUser } from './system-user.ts'

export type Durability = 'safe' | 'throwaway'

export type Postmaster = {
  port: number
  pid: number
  /** Settles when the server is gone, asked to or not. */
  exited: Promise<void>
  /** Lets running statements be cancelled and open transactions be rolled back, then waits for the end. */
  stop(): Promise<void>
}

type StartOptions = {
  binaries: Binaries
  user: SystemUser | undefined
  port: number | undefined
  durability: Durability
  /** As `name=value`, instead of ours. */
  settings?: string[] | undefined
}

/** Starts the server, on a free port where none is asked for, and waits until it takes connections. */
export async function startPostmaster(cluster: Cluster, options: StartOptions): Promise<Postmaster> {
  for (let triesLeft = 20; ; triesLeft--) {
    const port = options.port ?? (await freePort())
    const child = launch(cluster, port, options)
    const exited = new Promise<void>((resolve) => {
      child.once('exit', () => resolve())
      child.once('error', () => resolve())
    })
    const failure = await untilReady(child, cluster)
    if (failure === undefined) {
      const pid = child.pid as number
      return { port, pid, exited, stop: () => stop(child, exited, cluster, options) }
    }
    if (triesLeft === 0 || failure.kind === 'broken')
      throw new Error(`PostgreSQL did not start:\n${failure.log}`)
    if (failure.kind === 'port taken' && options.port !== undefined) {
      throw new Error(`Port ${options.port}, where PostgreSQL should listen, is taken by another program.`)
    }
    // Children of a killed server end by themselves as soon as they notice.
    if (failure.kind === 'data in use') await pause(250)
  }
}

const shared = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'timezone=UTC', 'log_timezone=UTC']
const tuned = ['max_connections=200', 'jit=off', 'lc_messages=C']
const settings: Record<Durability, string[]> = {
  safe: [...shared, ...tuned],
  throwaway: [...shared, ...tuned, 'fsync=off', 'synchronous_commit=off', 'full_page_writes=off'],
}

function launch(
  cluster: Cluster,
  port: number,
  { binaries, user, durability, settings: own = [] }: StartOptions,
) {
  const log = openSync(join(cluster.folder, 'postgres.log'), 'w', 0o600)
  const args = [
    '-D',
    cluster.pgdata,
    '-p',
    `${port}`,
    ...[...settings[durability], ...own].flatMap((setting) => ['-c', setting]),
  ]
  try {
    const child = spawn(binaries.postgres, args, {
      cwd: '/',
      // A session of its own: a Ctrl-C in the terminal must not end the database before its clients.
      detached: process.platform !== 'win32',
      env: databaseEnvironment(),
      stdio: ['ignore', log, log],
      ...user,
    })
    leash(child, { signal: 'INT', ends: 'process' })
    child.unref()
    return child
  } finally {
    closeSync(log)
  }
}

type Failure = { kind: 'port taken' | 'data in use' | 'broken'; log: string }

async function untilReady(child: ChildProcess, cluster: Cluster): Promise<Failure | undefined> {
  let problem: Error | undefined
  child.once('error', (error) => {
    problem = error
  })
  for (;;) {
    const gone = problem !== undefined || child.exitCode !== null || child.signalCode !== null
    if (gone) return failureOf(cluster, problem)
    const server = await readPidFile(cluster.pgdata)
    if (server?.pid === child.pid && server?.status === 'ready') return undefined
    await pause(10)
  }
}

async function failureOf(cluster: Cluster, problem: Error | undefined): Promise<Failure> {
  const whole = await readFile(join(cluster.folder, 'postgres.log'), 'utf8').catch(() => '')
  const log = [problem?.message, whole.trim().split('\n').slice(-15).join('\n')].filter(Boolean).join('\n')
  if (/could not bind|could not create any TCP\/IP sockets/.test(whole)) return { kind: 'port taken', log }
  if (/pre-existing shared memory block/.test(whole)) return { kind: 'data in use', log }
  return { kind: 'broken', log }
}

async function stop(
  child: ChildProcess,
  exited: Promise<void>,
  cluster: Cluster,
  { binaries, durability }: StartOptions,
) {
  child.ref()
  if (process.platform === 'win32') return stopOnWindows(cluster.pgdata, binaries)
  // Nobody will read throw-away data again: no last checkpoint.
  const steps = durability === 'safe' ? shutdownSteps : shutdownSteps.slice(1)
  for (const { signal, patienceMs } of steps) {
    child.kill(signal)
    const patience = new AbortController()
    const ended = exited.then(() => true)
    const tired = pause(patienceMs, false, { signal: patience.signal }).catch(() => false)
    const isOver = await Promise.race([ended, tired])
    patience.abort()
    if (isOver) return
  }
}

/** Somebody else may take it before PostgreSQL does: then the next one is tried. */
function freePort() {
  return new Promise<number>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
