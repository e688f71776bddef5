import { findLastCreation } from '#db/queries/tokens/token-siblings.ts'
import { findTokens } from '#db/queries/tokens/tokens.ts'
import type { Actor } from '../../access/actor.ts'
import type { Database } from '../../process/database.ts'
import { maxChosenTokens, maxListedSiblings, maxStillLive } from '../limits.ts'
import { isLive } from '../model/status.ts'
import { describeToken, type Token } from '../model/token.ts'
import type { RevocationOutcome } from '../revoke.ts'
import { type BlastRadius, noBlastRadius, readBlastRadii } from './blast-radius.ts'
import { readSiblings, type SiblingCount } from './siblings.ts'
import { type UsageDay, usageDays } from './usage-days.ts'

/** What a person should know before a revocation is confirmed. */
export type RevocationReview = {
  /** Live tokens of the choice: what will die, who will feel it, and its last 30 days, today last. */
  live: (Token & { blastRadius: BlastRadius; days: UsageDay[] })[]
  /** Tokens of the choice that were revoked or have expired since. */
  ended: Token[]
  /** How many of the choice are not tokens of this store or partner. */
  missing: number
  /** Other live tokens of the same partners for the same stores: what stays alive. The first few of them. */
  siblings: Token[]
  /** All of them, as far as they are counted. */
  siblingCount: SiblingCount
  /** When the youngest token of these stores and partners was made: one made later was not seen. */
  siblingsUntil: Date
  /** What will be said of it, if nothing comes between and no other token is ticked. */
  expected: RevocationOutcome
}

export async function reviewRevocation(
  actor: Actor,
  asked: string[],
  { db }: { db: Database },
): Promise<RevocationReview> {
  const tokenIds = [...new Set(asked)].slice(0, maxChosenTokens)
  const { chosen, blastRadii, usage, siblings, siblingsUntil } = await db.transaction(
    async (tx) => ({
      chosen: await findTokens(tx, actor, tokenIds),
      blastRadii: await readBlastRadii(tx, actor, tokenIds),
      usage: await usageDays(actor, tokenIds, { db: tx }),
      siblings: await readSiblings(tx, actor, tokenIds, maxListedSiblings),
      siblingsUntil: await findLastCreation(tx, actor, tokenIds),
    }),
    // All of it as it was at one moment, so that what is named is what would be revoked.
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  )
  const tokens = chosen.map(describeToken)
  const live = tokens.filter((token) => isLive(token, token.asOf))
  const review = {
    live: live.map((token) => ({
      ...token,
      blastRadius: blastRadii.get(token.id) ?? noBlastRadius,
      days: usage.get(token.id) ?? [],
    })),
    ended: tokens.filter((token) => !isLive(token, token.asOf)),
    missing: tokenIds.length - tokens.length,
    siblings: siblings.shown,
    siblingCount: siblings.count,
    siblingsUntil,
  }
  return { ...review, expected: expectedOutcome(review) }
}

/** If nothing comes between the review and the revocation, and no other token is ticked. */
export function expectedOutcome(review: Omit<RevocationReview, 'expected'>): RevocationOutcome {
  const { live, ended, missing, siblings, siblingCount } = review
  const liveIds = new Set(live.map(({ id }) => id))
  const stillLive = siblings.slice(0, maxStillLive)
  const idsOf = (tokens: typeof siblings) => tokens.map(({ id }) => id)
  return {
    revoked: live,
    revokedCount: live.length,
    alreadyRevoked: ended.filter(({ revokedAt }) => revokedAt),
    expired: ended.filter(({ revokedAt }) => !revokedAt),
    missing,
    stillLive,
    stillLiveCount: siblingCount,
    successorIds: idsOf(stillLive.filter(({ id }) => live.some(({ successor }) => successor?.id === id))),
    newAgainIds: idsOf(stillLive.filter(({ successor }) => successor && liveIds.has(successor.id))),
    onStandby: 'confirmed',
  }
}
