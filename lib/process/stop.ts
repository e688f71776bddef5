import type { Server } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'

type StopOptions = {
  /** For the log: what stops. */
  name: string
  log: Pick<Logger, 'info' | 'error'>
  /** What answers; a process that only works in the background has none. */
  server?: Server
  /** How long everything is still answered, so that load balancers find another one first; in milliseconds. */
  delayMs?: number
  /** Lets go of everything else, after the last answer. */
  release: () => Promise<void>
  /** For what is being answered, and then for `release`, in milliseconds. */
  drainTimeoutMs: number
  releaseTimeoutMs: number
  exit: (code: number) => void
}

/** Finishes what is being answered, then lets go of everything. A stop that is asked for twice is one stop. */
export function createStop(options: StopOptions) {
  const { name, log, server, release, delayMs = 0, drainTimeoutMs, releaseTimeoutMs, exit } = options
  let isStopping = false
  return async (reason: string) => {
    if (isStopping) return
    isStopping = true
    log.info(`${name} stops (${reason})`)
    try {
      if (delayMs > 0) await pause(delayMs)
      if (server) {
        const closed = new Promise<void>((resolve) => server.close(() => resolve()))
        await within(drainTimeoutMs, closed, () => server.closeAllConnections())
      }
      await within(releaseTimeoutMs, release(), () => {
        throw new Error(`Not everything was let go within ${releaseTimeoutMs} ms`)
      })
      exit(0)
    } catch (error) {
      log.error({ err: error }, `${name} did not end cleanly`)
      exit(1)
    }
  }
}

/** Waits for the work until the time is over, and then no longer. */
async function within(timeoutMs: number, work: Promise<void>, otherwise: () => void) {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs)
  }).then(otherwise)
  try {
    await Promise.race([work, tooLate])
  } finally {
    clearTimeout(timer)
  }
}
