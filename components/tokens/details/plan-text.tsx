import type { Token } from '#lib/tokens/model/token.ts'
import { Time } from '../../ui/time.tsx'
import { TokenTail } from '../list/token-cells.tsx'

/** What will become of a live token that was renewed, after its name. */
export function PlanText({ token: { plan, successor, expiresAt } }: { token: Token }) {
  if (!plan) {
    return (
      <>
        goes on working until <Time at={expiresAt} show="date-and-time" />
      </>
    )
  }
  if (plan.retireAt) {
    return (
      <>
        ends itself on <Time at={plan.retireAt} />
      </>
    )
  }
  return <>ends itself when {successor ? <TokenTail token={successor} /> : 'the new one'} is first used</>
}
