import type { Side } from '../../access/actor.ts'
import { type Pause, pauseOfOthers } from './pause.ts'
import { hasApis, type StorePackage } from './policy.ts'
import { statusOf, type TokenFacts } from './status.ts'
import type { Token } from './token.ts'

/** `paused`: by the other side, which alone may let it work again. */
export type RenewalObstacle = 'package-without-apis' | 'revoked' | 'expired' | 'already-renewed' | 'paused'

type Facts = Pick<TokenFacts, 'expiresAt' | 'revokedAt'> & {
  storePackage: StorePackage
  successor: { id: string } | null
  pauses: readonly Pick<Pause, 'side'>[]
}

/** Why a token cannot be renewed by a side at a moment; null where it is New and its store has APIs (docs/domain.md, Tokens). */
export function refusalOfRenewal(token: Facts, side: Side, now: Date): RenewalObstacle | null {
  const status = statusOf({ ...token, hasSuccessor: token.successor !== null }, now)
  switch (status) {
    case 'revoked':
    case 'expired':
      return status
    case 'renewed':
      return 'already-renewed'
    case 'new':
      if (pauseOfOthers(token, side)) return 'paused'
      return hasApis(token.storePackage) ? null : 'package-without-apis'
  }
}

export type NotRenewable = { token: Token; obstacle: RenewalObstacle }

/** Which of the tokens can be renewed by a side at a moment, and why the others cannot. */
export function sortOut(
  tokens: Token[],
  side: Side,
  now: Date,
): { renewable: Token[]; leftOut: NotRenewable[] } {
  const renewable: Token[] = []
  const leftOut: NotRenewable[] = []
  for (const token of tokens) {
    const obstacle = refusalOfRenewal(token, side, now)
    if (obstacle) leftOut.push({ token, obstacle })
    else renewable.push(token)
  }
  return { renewable, leftOut }
}
