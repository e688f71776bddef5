import type { Route } from 'next'
import type { Side } from '#lib/access/actor.ts'
import type { RenewalReview } from '#lib/tokens/review/review-renewal.ts'
import type { RenewalProps } from './renewal.tsx'
import { TokensToRenew } from './renewal-review.tsx'

/** The dialog that renews the tokens of a choice. */
export function renewDialogOf(
  side: Side,
  review: RenewalReview,
  list: Route,
): NonNullable<RenewalProps['dialog']> {
  const { renewable, leftOut, bounds, now } = review
  const tokens = [...renewable, ...leftOut.map(({ token }) => token)]
  return {
    kind: renewable.length > 0 ? 'renew' : 'nothing-left',
    // In an order that a renewal does not change.
    tokenIds: tokens.map(({ id }) => id).sort(),
    count: renewable.length,
    review: <TokensToRenew side={side} review={review} list={list} />,
    bounds,
    now,
  }
}
