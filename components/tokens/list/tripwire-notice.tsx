import type { Route } from 'next'
import { Link } from '#components/ui/link.tsx'
import type { Side } from '#lib/access/actor.ts'
import type { Tripwire } from '#lib/tokens/review/tripwire.ts'
import { helpPath } from '../../help/help-path.ts'
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
  const [latest, ...others] = tokens
  if (!latest) return null
  const link = 'underline underline-offset-4'
  return (
    <Notice kind="warn" className="mb-3 py-1.5! text-sm">
      <p className="flex flex-wrap items-baseline gap-x-3 wrap-anywhere">
        <strong className="font-semibold">
          {others.length === 0
            ? '1 revoked token is still being tried.'
            : `${areMore === 'more' ? 'More than ' : ''}${tokens.length} revoked tokens are still being tried.`}
        </strong>
        <span>
          <Link href={`${list}/${latest.id}` as Route} className={link}>
            <bdi>{otherParty(side, latest).name}</bdi> <TokenTail token={latest} />
          </Link>
          , <RefusedSince token={latest} />.
        </span>
        {others.length > 0 && (
          <Link href={endedHref} className={link}>
            Show all
          </Link>
        )}
        <Link href={helpPath(side, 'revoked-token-tried')} className={`${link} print:hidden`}>
          What to do
        </Link>
      </p>
    </Notice>
  )
}
