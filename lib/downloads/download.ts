import { inSnapshot } from '#db/snapshot.ts'
import { type Database, getDownloadDatabase } from '../process/database.ts'
import { downloadStallSeconds, mostDownloadsOfNode } from '../process/limits.ts'
import { ok, type Result, refuse } from '../result.ts'
import { minuteMs } from '../time/units.ts'
import type { Batches } from './batches.ts'
import { askAgainSeconds, longestMinutes, mostDownloadsOfPerson } from './limits.ts'

const key = Symbol.for('partner-tokens.downloads-under-way')
/** How many each person has. Kept on the process, because Next's bundles may each have a copy of this module. */
const processWide = globalThis as { [key]?: Map<string, number> }
processWide[key] ??= new Map()
const underWay = processWide[key]

/** Too many are under way: of the person, or on this web server. */
export type DownloadRefusal = 'busy-person' | 'busy-node'

export type Download<Row> = {
  /** Null at the end. What fails throws, and is never taken for the end. */
  next: () => Promise<Row[] | null>
  /** Ends what is under way, in the database too, within a second. */
  end: () => void
  /** Aborted where it took too long, or nobody took anything: its place is free, and whoever sends it breaks the connection. */
  brokenOff: AbortSignal
}

type Limits = {
  longestMs: number
  stallMs: number
  /** Whether the person may still see the list; asked again before a batch, after so long. */
  mayStill: () => Promise<boolean>
  askAgainMs: number
}
const usual: Limits = {
  ...{ longestMs: longestMinutes * minuteMs, stallMs: downloadStallSeconds * 1_000 },
  ...{ mayStill: async () => true, askAgainMs: askAgainSeconds * 1_000 },
}

/**
 * The rows of a list, batch by batch, for one person, until `signal` or `end` ends it. The first batch is read already: where
 * the database does not answer, this throws.
 */
export async function openDownload<Row>(
  { userId }: { userId: string },
  batches: Batches<Row>,
  { signal, db = getDownloadDatabase(), ...limits }: { signal: AbortSignal; db?: Database } & Partial<Limits>,
): Promise<Result<Download<Row>, DownloadRefusal>> {
  const own = underWay.get(userId) ?? 0
  if (own >= mostDownloadsOfPerson) return refuse('busy-person')
  if ([...underWay.values()].reduce((sum, one) => sum + one, 0) >= mostDownloadsOfNode)
    return refuse('busy-node')
  underWay.set(userId, own + 1)
  const { longestMs, stallMs, mayStill, askAgainMs } = { ...usual, ...limits }
  let askedAtMs = performance.now()
  const stop = new AbortController()
  const broken = new AbortController()
  let stalling: NodeJS.Timeout | undefined
  const over = onceOver(() => {
    leave(userId)
    clearTimeout(longest)
    clearTimeout(stalling)
    signal.removeEventListener('abort', end)
    stop.abort()
  })
  const end = () => over()
  const breakOff = (why: string) => {
    over()
    broken.abort(new Error(why))
  }
  const longest = setTimeout(breakOff, longestMs, 'it took too long')
  signal.addEventListener('abort', end)
  const rows = inSnapshot(db, stop.signal, batches)
  const read = async () => {
    clearTimeout(stalling)
    try {
      broken.signal.throwIfAborted()
      if (performance.now() - askedAtMs > askAgainMs) {
        if (!(await mayStill())) breakOff('whoever asked for it may not see it any more')
        broken.signal.throwIfAborted()
        askedAtMs = performance.now()
      }
      const { done, value } = await rows.next()
      broken.signal.throwIfAborted()
      if (!done) {
        if (!stop.signal.aborted) stalling = setTimeout(breakOff, stallMs, 'nobody took anything of it')
        return value
      }
      over()
      return null
    } catch (error) {
      over()
      throw error
    }
  }
  if (signal.aborted) end()
  const first = await read()
  const waiting = [first]
  const next = async () => {
    const [ready] = waiting.splice(0)
    return ready === undefined ? read() : ready
  }
  return ok({ next, end, brokenOff: broken.signal })
}

function onceOver(follow: () => void) {
  let isOver = false
  return () => {
    if (isOver) return
    isOver = true
    follow()
  }
}

function leave(userId: string) {
  const left = (underWay.get(userId) ?? 1) - 1
  if (left === 0) underWay.delete(userId)
  else underWay.set(userId, left)
}
