import type { ReactNode } from 'react'
import type { Side } from '#lib/access/actor.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import { Time } from '../../ui/time.tsx'
import { CancelPlanButton } from '../details/retirement-forms.tsx'
import { PauseFacts } from '../pausing/pause-facts.tsx'
import { StateMark } from '../state-mark.tsx'
import { statusNames } from '../words.ts'
import { TokenTail } from './token-cells.tsx'

/** What a live token is, and below it its mark and what happens next. */
export function StateCell({ token, side, mayChange }: { token: Token; side: Side; mayChange: boolean }) {
  return (
    <td className="state">
      <StateMark token={token}>
        {token.state.kind === 'in-use' && token.adoptedAt && (
          <>
            {' '}
            since <Time at={token.adoptedAt} />
          </>
        )}
      </StateMark>
      {token.pauses.length > 0 && (
        <small>
          <PauseFacts side={side} show="in-a-row" token={token} />
        </small>
      )}
      <Next token={token} mayChange={mayChange} />
    </td>
  )
}

function Next({ token, mayChange }: { token: Token; mayChange: boolean }) {
  const { status, plan, predecessor, successor } = token
  const mark = statusNames[status]
  if (plan && successor) {
    return (
      <div className="next">
        {mark},{' '}
        {plan.retireAt ? (
          <>
            ends itself on <Time at={plan.retireAt} />
          </>
        ) : (
          <>
            ends once <TokenTail token={successor} /> is used
          </>
        )}
        {mayChange && (
          <>
            {' · '}
            <CancelPlanButton token={token} look="in-a-line" label={<KeepIt token={token} />} />
          </>
        )}
      </div>
    )
  }
  return (
    <small>
      {mark}
      {predecessor && (
        <>
          , replaces <TokenTail token={predecessor} />
        </>
      )}
      {successor && (
        <>
          , replaced by <TokenTail token={successor} />
        </>
      )}
    </small>
  )
}

function KeepIt({ token }: { token: Token }): ReactNode {
  return (
    <>
      Keep it<span className="sr-only">, the token ending in {token.lastCharacters}</span>
    </>
  )
}
