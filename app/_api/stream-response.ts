import { longestMinutes } from '#lib/downloads/limits.ts'
import { downloadStallSeconds } from '#lib/process/limits.ts'
import { log } from '#lib/process/log.ts'
import { minuteMs } from '#lib/time/units.ts'

type Limits = { longestMs: number; stallMs: number; askAgainMs: number }
const usual: Limits = {
  longestMs: longestMinutes * minuteMs,
  ...{ stallMs: downloadStallSeconds * 1_000, askAgainMs: 5_000 },
}

type Tools = {
  /** Given back once nothing more is sent. */
  leave: () => void
  /** Whether the program may still see it; asked again after a while. */
  mayStill: () => Promise<boolean>
} & Partial<Limits>

/**
 * Texts as they are read, each only once the one before was taken. Nothing says how long it will be: what broke off ends the connection without the
 * end of the answer, and is whole for no client.
 */
export function streamOf(
  texts: AsyncGenerator<string>,
  { leave, mayStill, ...limits }: Tools,
): ReadableStream<Uint8Array> {
  const { longestMs, stallMs, askAgainMs } = { ...usual, ...limits }
  const encoder = new TextEncoder()
  let askedAtMs = performance.now()
  let stalling: NodeJS.Timeout | undefined
  let isOver = false
  const over = () => {
    if (isOver) return
    isOver = true
    clearTimeout(longest)
    clearTimeout(stalling)
    leave()
  }
  let breakOff = (_why: string) => {}
  const longest = setTimeout(() => breakOff('it took too long'), longestMs)
  const stalls = () => setTimeout(() => breakOff('nobody took anything of it'), stallMs)
  return new ReadableStream(
    {
      start(controller) {
        breakOff = (why) => {
          over()
          log.warn({ why }, 'what a program was being sent was broken off')
          controller.error(new Error(why))
        }
        stalling = stalls()
      },
      async pull(controller) {
        clearTimeout(stalling)
        try {
          if (performance.now() - askedAtMs > askAgainMs) {
            if (!(await mayStill())) return breakOff('the credential may not see it any more')
            askedAtMs = performance.now()
          }
          const { done, value } = await texts.next()
          if (isOver) return
          if (done) {
            over()
            return controller.close()
          }
          controller.enqueue(encoder.encode(value))
          stalling = stalls()
        } catch (error) {
          over()
          log.error({ err: error }, 'what a program was being sent broke off')
          throw error
        }
      },
      cancel: over,
    },
    { highWaterMark: 0 },
  )
}
