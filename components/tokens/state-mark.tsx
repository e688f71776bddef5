import type { ReactNode } from 'react'
import type { TokenState } from '#lib/tokens/model/state.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import { stateText } from './words.ts'

/** A token's state in words, behind a mark that differs by its shape as well as by its colour. */
export function StateMark({
  token: { state, asOf },
  children,
}: {
  token: Pick<Token, 'state' | 'asOf'>
  /** What else is to be said about it. */
  children?: ReactNode
}) {
  return (
    <b className="font-medium" data-look={lookOf(state)}>
      {stateText(state, asOf)}
      {children}
    </b>
  )
}

/** What people tell at a glance: it works, it rests, somebody should do something, it has ended. */
export function lookOf({ kind }: TokenState): 'in-use' | 'quiet' | 'needs-you' | 'over' {
  switch (kind) {
    case 'in-use':
      return 'in-use'
    case 'paused':
    case 'waiting':
    case 'never-collected':
    case 'ending':
      return 'needs-you'
    case 'old-can-go':
    case 'old-in-use':
    case 'old-quiet':
    case 'not-used-yet':
    case 'quiet':
      return 'quiet'
    case 'revoked':
    case 'expired':
      return 'over'
  }
}
