import { dayMs } from '../../time/units.ts'
import { expiringWithinDays } from '../limits.ts'

/** What the times of a token and of its successor say about it. */
export type TokenFacts = {
  expiresAt: Date
  revokedAt: Date | null
  /** What renewed this one, or what renewed that, is live. When none is, this one is New again (docs/domain.md, Tokens). */
  hasSuccessor: boolean
}

export type TokenStatus = 'revoked' | 'expired' | 'renewed' | 'new'

/** A token used within these days is shown as in use. */
export const inUseWithinDays = 7

/** Revoked before expired before the mark: what was done by a person is never hidden by the passing of time. */
export function statusOf(token: TokenFacts, now: Date): TokenStatus {
  if (token.revokedAt) return 'revoked'
  if (token.expiresAt <= now) return 'expired'
  return token.hasSuccessor ? 'renewed' : 'new'
}

/** Accepted at the gateway, as far as the token itself decides. */
export function isLive(token: Pick<TokenFacts, 'expiresAt' | 'revokedAt'>, now: Date): boolean {
  return !token.revokedAt && token.expiresAt > now
}

export function isExpiring(token: Pick<TokenFacts, 'expiresAt' | 'revokedAt'>, now: Date): boolean {
  return isLive(token, now) && token.expiresAt.getTime() - now.getTime() <= expiringWithinDays * dayMs
}

export function isInUse(token: { lastUsedAt: Date | null }, now: Date): boolean {
  return token.lastUsedAt !== null && now.getTime() - token.lastUsedAt.getTime() <= inUseWithinDays * dayMs
}
