import type { Server } from 'node:http'
import { log } from '#lib/log.ts'

type StopOptions = {
  server: Server
  /** Lets go of everything else, after the last answer. */
  release: () => Promise<void>
  /** For what is being answered, and then for `release`, in milliseconds. */
  drainTimeoutMs: number
  releaseTimeoutMs: number
  exit: (code: number) => void
}

/** Finishes what is being answered, then lets go of everything. A stop that is asked for twice is one stop. */
export function createStop({ server, release, drainTimeoutMs, releaseTimeoutMs, exit }: StopOptions) {
  let isStopping = false
  return async (reason: string) => {
    if (isStopping) return
    isStopping = true
    log.info(`the web server stops (${reason})`)
    try {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      await within(drainTimeoutMs, closed, () => server.closeAllConnections())
      await within(releaseTimeoutMs, release(), () => {
        throw new Error(`Not everything was let go within ${releaseTimeoutMs} ms`)
      })
      exit(0)
    } catch (error) {
      log.error({ err: error }, 'the web server did not end cleanly')
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
