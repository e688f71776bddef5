export type Repetition = {
  /** No further run; the one under way is aborted, and awaited. */
  stop(): Promise<void>
}

type RepeatOptions = {
  /** From the end of one run to the start of the next, give or take a fifth: processes that began together part. */
  everyMs: number
  onError: (error: unknown) => void
}

/** Runs `work` again and again, the first time after a random part of `everyMs`. A run that fails is not the last. */
export function repeat(
  work: (signal: AbortSignal) => Promise<unknown>,
  { everyMs, onError }: RepeatOptions,
): Repetition {
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()
  const stopping = new AbortController()

  function scheduleIn(ms: number) {
    if (stopping.signal.aborted) return
    timer = setTimeout(() => {
      running = run()
    }, ms)
    timer.unref()
  }

  async function run() {
    try {
      await work(stopping.signal)
    } catch (error) {
      onError(error)
    }
    scheduleIn(everyMs * (0.8 + 0.4 * Math.random()))
  }

  scheduleIn(everyMs * Math.random())
  return {
    stop() {
      stopping.abort()
      clearTimeout(timer)
      return running
    },
  }
}
