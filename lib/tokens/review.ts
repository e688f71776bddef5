import { countLiveOfPairs, findLiveSiblings, findTokens } from '#db/queries/tokens.ts'
import type { Actor } from '../auth/actor.ts'
import type { Database } from '../database.ts'
import { maxChosenTokens } from './schemas.ts'
import { scopeOf } from './scope.ts'
import { isLive } from './status.ts'
import { describeToken, type Token } from './token.ts'

/** What a person should know before a revocation is confirmed. */
export type RevocationReview = {
  /** Live tokens of the choice: what will die. */
  live: Token[]
  /** Tokens of the choice that were revoked or have expired since. */
  ended: Token[]
  /** How many of the choice are not tokens of this store or partner. */
  missing: number
  /** Other live tokens of the same partners for the same stores: what stays alive. At most {@link maxSiblingsShown}. */
  siblings: Token[]
  /** All of them; counts no further than {@link maxSiblings}. */
  siblingCount: number
}

export const maxSiblingsShown = 5
/** More than these are not revoked in one transaction. */
export const maxSiblings = 10_000

export async function reviewRevocation(
  actor: Actor,
  tokenIds: string[],
  { db }: { db: Database },
): Promise<RevocationReview> {
  const scope = scopeOf(actor)
  const ids = [...new Set(tokenIds)].slice(0, maxChosenTokens)
  const [chosen, siblings] = await Promise.all([
    findTokens(db, scope, ids),
    findLiveSiblings(db, scope, ids, maxSiblingsShown + 1),
  ])
  const tokens = chosen.map(describeToken)
  const live = tokens.filter((token) => isLive(token, token.asOf))
  const siblingCount =
    siblings.length > maxSiblingsShown
      ? (await countLiveOfPairs(db, scope, ids, maxSiblings + ids.length)) - live.length
      : siblings.length
  return {
    live,
    ended: tokens.filter((token) => !isLive(token, token.asOf)),
    missing: ids.length - tokens.length,
    siblings: siblings.slice(0, maxSiblingsShown).map(describeToken),
    siblingCount,
  }
}
