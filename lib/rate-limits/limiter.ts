import { createHash } from 'node:crypto'
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import type { Database } from '../process/database.ts'

/** So many points of one key until its window ends; windows have a fixed end, so that hammering prolongs no wait. */
export type Limit = { bucket: string; points: number; windowMinutes: number }

const limiters = new WeakMap<Database, Map<string, RateLimiterPostgres>>()

/** Counts in the database: every process counts in the same bucket. */
export function limiterOf(db: Database, { bucket, points, windowMinutes }: Limit): RateLimiterPostgres {
  const ofDatabase = limiters.get(db) ?? new Map<string, RateLimiterPostgres>()
  limiters.set(db, ofDatabase)
  const known = ofDatabase.get(bucket)
  if (known) return known
  const limiter = new RateLimiterPostgres({
    storeClient: db.$client,
    storeType: 'pool',
    tableName: 'rate_limit_counters',
    tableCreated: true,
    // The worker deletes them: worker/prune.ts.
    clearExpiredByTimeout: false,
    keyPrefix: bucket,
    points,
    duration: windowMinutes * 60,
  })
  ofDatabase.set(bucket, limiter)
  return limiter
}

/** @returns how many seconds to wait; 0 where the point was there. Throws when the database does not answer. */
export async function consume(db: Database, limit: Limit, key: string): Promise<number> {
  return (await consumeOf(db, limit, key)).waitSeconds
}

/** How much of a limit is left. `waitSeconds`: 0 where the point was there. */
export type Quota = { remaining: number; resetSeconds: number; waitSeconds: number }

/** As {@link consume}, for who learns how much is left. */
export async function consumeOf(db: Database, limit: Limit, key: string): Promise<Quota> {
  const answer = await limiterOf(db, limit)
    .consume(key)
    .then((res) => ({ res, isThere: true }))
    .catch((refusal: unknown) => {
      if (refusal instanceof RateLimiterRes) return { res: refusal, isThere: false }
      throw refusal
    })
  const resetSeconds = Math.max(Math.ceil(answer.res.msBeforeNext / 1000), 1)
  return {
    ...{ remaining: answer.res.remainingPoints, resetSeconds },
    waitSeconds: answer.isThere ? 0 : resetSeconds,
  }
}

/** Of bounded length, and no list of what people typed. */
export function keyOf(...parts: string[]) {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}
