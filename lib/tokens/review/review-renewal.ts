import { currentTime } from '#db/queries/current-time.ts'
import { findTokens } from '#db/queries/tokens/tokens.ts'
import type { Actor } from '../../access/actor.ts'
import type { Database } from '../../process/database.ts'
import { maxChosenTokens } from '../limits.ts'
import { expiryBounds } from '../model/lifetime.ts'
import { type NotRenewable, sortOut } from '../model/renewable.ts'
import { describeToken, type Token } from '../model/token.ts'

/** What a person should know before a renewal. */
export type RenewalReview = {
  renewable: Token[]
  /** Renewed before, revoked, expired, or of a store whose package has no APIs. */
  leftOut: NotRenewable[]
  /** How many of the choice are not tokens of this store or partner. */
  missing: number
  /** Between which moments the new tokens may expire, and what is proposed, by the database's clock. */
  bounds: { earliest: Date; usual: Date; latest: Date }
  now: Date
}

export async function reviewRenewal(
  actor: Actor,
  asked: string[],
  { db }: { db: Database },
): Promise<RenewalReview> {
  const tokenIds = [...new Set(asked)].slice(0, maxChosenTokens)
  const now = await currentTime(db)
  const tokens = (await findTokens(db, actor, tokenIds)).map(describeToken)
  return {
    ...sortOut(tokens, actor.side, now),
    missing: tokenIds.length - tokens.length,
    bounds: expiryBounds(now),
    now,
  }
}
