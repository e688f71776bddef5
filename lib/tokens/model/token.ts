import type { TokenRow } from '#db/queries/tokens/tokens.ts'
import type { Side } from '../../access/actor.ts'
import { type HandoverStatus, handoverStatusOf } from './handover.ts'
import { type Pause, readPauses } from './pause.ts'
import { hasApis } from './policy.ts'
import { nextStepOf, stateOf, type TokenState, type TokenStep } from './state.ts'
import { isExpiring, isInUse, isLive, statusOf, type TokenStatus } from './status.ts'

/** A token as both sides see it. Never its text, which nobody has. */
export type Token = Omit<TokenRow, ChainColumn | 'pauses'> & {
  status: TokenStatus
  expiring: boolean
  inUse: boolean
  handoverStatus: HandoverStatus
  /** The token that this one renewed, whatever became of it. */
  predecessor: { id: string; lastCharacters: string } | null
  /** The live token with which this one's chain goes on. */
  successor: { id: string; lastCharacters: string; adoptedAt: Date | null } | null
  /** This one is to be revoked by itself: at `retireAt`, or, where that is null, when its successor is adopted. */
  plan: {
    retireAt: Date | null
    plannedAt: Date
    by: string | null
    byEmail: string | null
    byRole: TokenRow['plannedByRole']
    from: Side | null
  } | null
  /** It has done its duty, and can go: the token with which its chain goes on is in use. */
  isRetirable: boolean
  /** Those of this moment, of one side or both, that of the merchant first. */
  pauses: Pause[]
  state: TokenState
  /** What somebody of a side who may change it is likeliest to do with it. */
  nextStep: Record<Side, TokenStep | null>
  /** Not while it is paused: the next step is to resume it then. */
  canBeRenewed: boolean
}

type ChainColumn =
  | 'predecessorLastCharacters'
  | `successor${'Id' | 'LastCharacters' | 'AdoptedAt'}`
  | 'plannedAt'
  | 'retireAt'
  | 'plannedFrom'
  | 'plannedBy'
  | 'plannedByEmail'
  | 'plannedByRole'

/** Adds what its facts say at the database's time of the row. */
export function describeToken(row: TokenRow): Token {
  const {
    predecessorLastCharacters,
    successorId,
    successorLastCharacters,
    successorAdoptedAt,
    plannedAt,
    retireAt,
    plannedFrom,
    plannedBy,
    plannedByEmail,
    plannedByRole,
    ...rest
  } = row
  const { asOf, predecessorId } = row
  const predecessor: Token['predecessor'] =
    predecessorId && predecessorLastCharacters
      ? { id: predecessorId, lastCharacters: predecessorLastCharacters }
      : null
  const successor: Token['successor'] =
    successorId && successorLastCharacters
      ? { id: successorId, lastCharacters: successorLastCharacters, adoptedAt: successorAdoptedAt }
      : null
  const isAlive = isLive(row, asOf)
  const described = {
    ...rest,
    status: statusOf({ ...row, hasSuccessor: successor !== null }, asOf),
    expiring: isExpiring(row, asOf),
    inUse: isInUse(row, asOf),
    handoverStatus: handoverStatusOf(row, asOf),
    predecessor,
    successor,
    plan:
      plannedAt && isAlive && successor
        ? {
            retireAt,
            plannedAt,
            by: plannedBy,
            byEmail: plannedByEmail,
            byRole: plannedByRole,
            from: plannedFrom,
          }
        : null,
    isRetirable: isAlive && Boolean(successor?.adoptedAt),
    pauses: isAlive ? readPauses(row.pauses) : [],
  }
  const state = stateOf(described)
  return {
    ...described,
    state,
    nextStep: { merchant: nextStepOf(state, 'merchant'), partner: nextStepOf(state, 'partner') },
    canBeRenewed: described.status === 'new' && row.pauses.length === 0 && hasApis(row.storePackage),
  }
}
