import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { leash } from './leash.mjs'

export type Ending = { code: number | null; signal: NodeJS.Signals | null; error?: Error }

export type SupervisedProcess = {
  child: ChildProcess
  exited: Promise<Ending>
  /** Asks with SIGTERM; ends the whole process group when that takes too long. */
  stop(): Promise<void>
}

const patienceMs = 10_000

/** Starts a child in a process group of its own, which never outlives us and which a Ctrl-C does not reach. */
export function startSupervised(program: string, args: string[], options: SpawnOptions): SupervisedProcess {
  const child = spawn(program, args, { ...options, detached: process.platform !== 'win32' })
  leash(child, { signal: 'KILL', ends: 'group' })
  const exited = new Promise<Ending>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    child.once('error', (error) => resolve({ code: null, signal: null, error }))
  })
  const stop = async () => {
    signalGroup(child, 'SIGTERM')
    const patience = new AbortController()
    const late = pause(patienceMs, 'late', { signal: patience.signal }).catch(() => 'late')
    if ((await Promise.race([exited, late])) === 'late') signalGroup(child, 'SIGKILL')
    patience.abort()
    await exited
  }
  return { child, exited, stop }
}

function signalGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL') {
  const isOver = child.pid === undefined || child.exitCode !== null || child.signalCode !== null
  if (isOver) return
  if (process.platform === 'win32') child.kill(signal)
  else process.kill(-(child.pid as number), signal)
}

/** `ended with code 1`, `was ended by SIGKILL`. */
export function describeEnding({ code, signal, error }: Ending) {
  if (error) return `could not be started (${error.message})`
  return signal ? `was ended by ${signal}` : `ended with code ${code}`
}
