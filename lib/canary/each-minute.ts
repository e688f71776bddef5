/**
 * Makes of a look each second one run a minute: `run` says in how many milliseconds the next minute begins, by the database's clock.
 * Half a second into it, so that no two runs fall into one minute by a clock that is not quite right.
 */
export function eachMinute(
  run: (signal: AbortSignal) => Promise<{ nextInMs: number }>,
  now: () => number = () => performance.now(),
): (signal: AbortSignal) => Promise<void> {
  let dueAt = Number.NEGATIVE_INFINITY
  return async (signal) => {
    if (now() < dueAt) return
    // Where it fails, the next look tries again: another worker, or nobody, has the minute by then.
    const beganAt = now()
    const { nextInMs } = await run(signal)
    dueAt = beganAt + nextInMs + intoTheMinuteMs
  }
}

const intoTheMinuteMs = 500
