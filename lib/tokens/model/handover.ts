import { isLive, type TokenFacts } from './status.ts'

/**
 * `waiting`: can be collected. `too-late`: nobody did in time, only a renewal helps. `none`: the text was never kept here,
 * or the token has ended.
 */
export type HandoverStatus = 'waiting' | 'collected' | 'too-late' | 'none'

/** How long a new token waits to be collected; then only a renewal helps. */
export const collectWithinDays = 14

/** @param now the database's. */
export function handoverStatusOf(
  token: Pick<TokenFacts, 'expiresAt' | 'revokedAt'> & {
    handover: { isKept: boolean; collectUntil: Date | null; collectedAt: Date | null } | null
  },
  now: Date,
): HandoverStatus {
  const { handover } = token
  if (handover?.collectedAt) return 'collected'
  if (!handover?.collectUntil || !isLive(token, now)) return 'none'
  return handover.isKept && handover.collectUntil > now ? 'waiting' : 'too-late'
}
