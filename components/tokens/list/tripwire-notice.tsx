import type { Route } from 'next'
import { Link } from '#components/ui/link.tsx'
import type { Side } from '#lib/access/actor.ts'
import type { Tripwire } from '#lib/tokens/review/tripwire.ts'
import { Notice } from '../../ui/notice.tsx'
import { otherParty } from '../words.ts'
import { RefusedSince, TokenTail } from './token-cells.tsx'

/** Somebody calls with tokens that were revoked: said where people look, not only in the record. */
export function TripwireNotice({
  side,
  tripwire: { tokens, areMore },
  list,
  endedHref,
}: {
  side: Side
  tripwire: Tripwire
  /** The list that the tokens belong to. */
  list: Route
  /** Where the record of ended tokens is shown. */
  endedHref: Route
}) {
  if (tokens.length === 0) return null
  return (
    <Notice
      kind="warn"
      title={
        tokens.length === 1
          ? 'A revoked token was presented again, and refused.'
          : 'Revoked tokens were presented again, and refused.'
      }
      className="mb-5"
    >
      <ul className="grid gap-0.5 text-sm">
        {tokens.map((token) => (
          <li key={token.id} className="wrap-anywhere">
            <Link href={`${list}/${token.id}` as Route} className="font-medium underline underline-offset-4">
              <bdi>{otherParty(side, token).name}</bdi> <TokenTail token={token} />
            </Link>
            : <RefusedSince token={token} />
          </li>
        ))}
        {areMore === 'more' && (
          <li>
            <Link href={endedHref} className="font-medium underline underline-offset-4">
              There are more
            </Link>
          </li>
        )}
      </ul>
    </Notice>
  )
}
