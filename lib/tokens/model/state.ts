import type { Side } from '../../access/actor.ts'
import { dayMs } from '../../time/units.ts'
import type { HandoverStatus } from './handover.ts'
import { endOfPauses, type Pause } from './pause.ts'
import { hasApis, type StorePackage } from './policy.ts'
import { isInUse, type TokenStatus } from './status.ts'

/** What a token is, as one thing, for people who look down a list. */
export type TokenState =
  | { kind: 'revoked' }
  | { kind: 'expired' }
  /** Somebody stopped it for a while. What becomes of it by itself, and when; `by`: on one side or both, the merchant first. */
  | { kind: 'paused'; endsAs: 'resumed' | 'revoked'; endsAt: Date; by: readonly Side[] }
  /** Its text waits to be collected. */
  | { kind: 'waiting' }
  /** Nobody collected its text in time, and nobody ever called with it. */
  | { kind: 'never-collected' }
  /** Nothing goes on when it ends, and that is within the days of {@link expiringWithinDays}. */
  | { kind: 'ending'; expiresAt: Date; canBeRenewed: boolean }
  /** Renewed. Its successor is in use, and nobody has called with this one since. */
  | { kind: 'old-can-go' }
  /** Renewed, and used within the days of {@link inUseWithinDays}: somebody has not switched over. */
  | { kind: 'old-in-use' }
  /** Renewed, and in neither of these states. `days`: since its last use; null: it was never used. */
  | { kind: 'old-quiet'; days: number | null }
  | { kind: 'not-used-yet' }
  | { kind: 'in-use' }
  /** Not used for more than the days of {@link inUseWithinDays}. `days`: whole ones, since its last use. */
  | { kind: 'quiet'; days: number }

export type TokenStep = 'renew' | 'resume' | 'revoke' | 'show-token'

type Facts = {
  status: TokenStatus
  expiring: boolean
  handoverStatus: HandoverStatus
  expiresAt: Date
  lastUsedAt: Date | null
  successor: { adoptedAt: Date | null } | null
  storePackage: StorePackage
  pauses: readonly Pick<Pause, 'side' | 'endsAs' | 'endsAt'>[]
  asOf: Date
}

/** Its state at the database's time of its row. */
export function stateOf(token: Facts): TokenState {
  const { status, lastUsedAt, handoverStatus, successor, asOf } = token
  if (status === 'revoked' || status === 'expired') return { kind: status }
  if (token.pauses.length > 0) return { kind: 'paused', ...endOfPauses(token.pauses) }
  if (handoverStatus === 'waiting') return { kind: 'waiting' }
  if (handoverStatus === 'too-late' && lastUsedAt === null) return { kind: 'never-collected' }
  const days = lastUsedAt && Math.floor((asOf.getTime() - lastUsedAt.getTime()) / dayMs)
  if (successor) {
    // In the very moment of the successor's first use counts as after it: what goes is gone for good.
    const hasGoneQuiet = lastUsedAt === null || (successor.adoptedAt ?? lastUsedAt) > lastUsedAt
    if (successor.adoptedAt && hasGoneQuiet) return { kind: 'old-can-go' }
    return isInUse(token, asOf) ? { kind: 'old-in-use' } : { kind: 'old-quiet', days }
  }
  if (token.expiring)
    return { kind: 'ending', expiresAt: token.expiresAt, canBeRenewed: hasApis(token.storePackage) }
  if (days === null) return { kind: 'not-used-yet' }
  return isInUse(token, asOf) ? { kind: 'in-use' } : { kind: 'quiet', days }
}

/** The likeliest thing to do with a token next, for somebody of `side` who may change it; null: nothing is waiting. */
export function nextStepOf(state: TokenState, side: Side): TokenStep | null {
  switch (state.kind) {
    case 'ending':
      return state.canBeRenewed ? 'renew' : null
    case 'old-can-go':
    case 'never-collected':
      return 'revoke'
    case 'waiting':
      return side === 'partner' ? 'show-token' : null
    case 'paused':
      return state.by.includes(side) ? 'resume' : null
    case 'revoked':
    case 'expired':
    case 'old-in-use':
    case 'old-quiet':
    case 'not-used-yet':
    case 'in-use':
    case 'quiet':
      return null
  }
}
