import { constants } from 'node:os'

export type StopRequest = { signal: AbortSignal; exitCode: () => number | undefined }

/**
 * Turns every way of asking us to end into one AbortSignal. npm passes a Ctrl-C on that the terminal has sent
 * to us already: whatever comes after the first is the same wish, and stopping takes bounded time.
 */
export function listenForStop(): StopRequest {
  const controller = new AbortController()
  let exitCode: number | undefined
  const stop = (reason: string, code: number) => {
    if (controller.signal.aborted) return
    exitCode = code
    controller.abort(new Error(reason))
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => stop(signal, 128 + constants.signals[signal]))
  }
  // Whoever started us is gone, and with them the wish to have us.
  process.on('disconnect', () => stop('disconnect', 1))
  return { signal: controller.signal, exitCode: () => exitCode }
}
