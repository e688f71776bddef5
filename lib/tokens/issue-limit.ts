import type { Actor } from '../access/actor.ts'
import { idOf } from '../access/party.ts'
import type { Database } from '../process/database.ts'
import { consume, keyOf } from '../rate-limits/limiter.ts'
import type { TooOften } from '../rate-limits/too-often.ts'
import { ok, type Result, refuse } from '../result.ts'
import { issueLimits } from './limits.ts'

/** `too-often`: the person, or the program, has made tokens in 60 operations within the hour. `too-often-together`: their store or partner in 300. */
export type IssueLimitRefusal = TooOften<'too-often' | 'too-often-together'>

/** Counts an addition, an issue or a renewal. Never asked of a revocation. Throws when the database does not answer. */
export async function countIssue(
  actor: Actor,
  { db }: { db: Database },
): Promise<Result<null, IssueLimitRefusal>> {
  // One after the other: what one person is refused does not use up what the others have.
  const alone = await consume(db, issueLimits.person, keyOf(actor.credential?.id ?? actor.userId))
  if (alone > 0) return refuse({ kind: 'too-often', waitSeconds: alone })
  const together = await consume(db, issueLimits.party, keyOf(actor.side, idOf(actor)))
  return together > 0 ? refuse({ kind: 'too-often-together', waitSeconds: together }) : ok(null)
}
