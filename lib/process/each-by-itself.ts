import type { Queryable } from '#db/client.ts'
import type { Database } from './database.ts'

export type Failing = {
  /** The ids of what failed in this run. */
  besides: string[]
  /** Called with what the step is about, as soon as it is known. */
  onFound: (id: string) => void
}

/**
 * Does what is due step by step, each step a transaction, until `step` finds nothing or `signal` aborts. What a step that failed was
 * about is left for the next time: it keeps nobody else's waiting.
 * @param what names one of them in the error, by its id.
 * @param step null where nothing is left to do besides what failed, or others have it in hand.
 * @throws when all others are done: which one failed, the first of them, and with what. At once where none was found yet.
 */
export async function eachByItself(
  db: Database,
  { what, signal }: { what: (id: string) => string; signal?: AbortSignal | undefined },
  step: (tx: Queryable, failing: Failing) => Promise<number | null>,
): Promise<number> {
  let done = 0
  const failed = new Map<string, unknown>()
  while (!signal?.aborted) {
    let found: string | undefined
    const onFound = (id: string) => {
      found = id
    }
    try {
      const besides = [...failed.keys()]
      const count = await db.transaction((tx) => step(tx, { besides, onFound }))
      if (count === null) break
      done += count
    } catch (error) {
      if (found === undefined) throw error
      failed.set(found, error)
    }
  }
  for (const [id, cause] of failed) throw new Error(what(id), { cause })
  return done
}
