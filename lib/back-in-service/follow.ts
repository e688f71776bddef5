import { currentTime } from '#db/queries/current-time.ts'
import { followTokens } from '#db/queries/tokens/token-requests.ts'
import type { Database } from '../process/database.ts'
import { dayMs } from '../time/units.ts'
import { followedDays } from './limits.ts'

const tokensAtOnce = 5_000

/** A job: notes which tokens of campaigns are in use. @returns how many moved on. */
export async function followCampaigns({
  db,
  signal,
}: {
  db: Database
  signal?: AbortSignal
}): Promise<number> {
  const since = new Date((await currentTime(db)).getTime() - followedDays * dayMs)
  let total = 0
  for (;;) {
    const moved = await followTokens(db, { since, limit: tokensAtOnce })
    total += moved
    if (moved < tokensAtOnce || signal?.aborted) return total
  }
}
