import type { Route } from 'next'
import type { ReactNode } from 'react'
import { Link } from '#components/ui/link.tsx'
import type { Side } from '#lib/access/actor.ts'
import type { NotRenewable } from '#lib/tokens/model/renewable.ts'
import type { RenewalReview } from '#lib/tokens/review/review-renewal.ts'
import { Tag } from '../../ui/tag.tsx'
import { Time } from '../../ui/time.tsx'
import { PartyId, Revoker, StatusTag, TokenTail } from '../list/token-cells.tsx'
import { otherParty, reasonOf } from '../words.ts'

/** Each token that will be renewed, and each that cannot be. */
export function TokensToRenew({ side, review, list }: { side: Side; review: RenewalReview; list: Route }) {
  const { renewable, leftOut, missing, bounds } = review
  return (
    <>
      {renewable.length > 0 && (
        <ul
          aria-label="Tokens that will be renewed"
          className="divide-y divide-line rounded-[10px] border border-line"
        >
          {renewable.map((token) => {
            const other = otherParty(side, token)
            return (
              <li key={token.id} className="flex flex-wrap items-center gap-x-2.5 gap-y-1 px-3 py-2">
                <span className="min-w-0 wrap-anywhere">
                  <bdi className="font-medium">{other.name}</bdi> <PartyId id={other.id} />
                </span>
                <StatusTag token={token} />
                <TokenTail token={token} />
                {token.inUse && <Tag look="accent">In use</Tag>}
                <span className="text-[13px] text-soft sm:ml-auto">
                  expires <Time at={token.expiresAt} />
                </span>
                {token.expiresAt > bounds.usual && (
                  <span className="basis-full text-[13px] text-warn">
                    Works longer than a year: choose a later day, or the new token ends before it.
                  </span>
                )}
              </li>
            )
          })}
        </ul>
      )}
      {(leftOut.length > 0 || missing > 0) && (
        <LeftOut count={leftOut.length + missing} isFolded={renewable.length > 0}>
          {leftOut.map((left) => (
            <p key={left.token.id} className="wrap-anywhere">
              <NotRenewed left={left} side={side} list={list} />
            </p>
          ))}
          {missing > 0 && (
            <p>{missing === 1 ? 'One chosen token is' : `${missing} chosen tokens are`} not among yours.</p>
          )}
        </LeftOut>
      )}
    </>
  )
}

/** Folded, so that the date stays in sight; open where nothing else is left. */
function LeftOut({ count, isFolded, children }: { count: number; isFolded: boolean; children: ReactNode }) {
  if (!isFolded) return <div className="grid gap-1 text-sm text-soft">{children}</div>
  return (
    <details className="text-sm text-soft">
      <summary className="w-fit font-medium text-ink pointer-coarse:py-2.5">
        {count === 1 ? '1 is left out' : `${count} are left out`}
      </summary>
      <div className="mt-1 grid gap-1">{children}</div>
    </details>
  )
}

/** Why a token cannot be renewed, in a sentence that names it. */
export function NotRenewed({
  left: { token, obstacle },
  side,
  list,
}: {
  left: NotRenewable
  side: Side
  list: Route
}) {
  const name = (
    <>
      <TokenTail token={token} /> of <bdi>{otherParty(side, token).name}</bdi>
    </>
  )
  switch (obstacle) {
    case 'already-renewed':
      return (
        <>
          {name} is renewed already
          {token.successor && (
            <>
              , by{' '}
              <Link
                href={`${list}/${token.successor.id}` as Route}
                className="font-medium underline underline-offset-4"
              >
                <TokenTail token={token.successor} />
              </Link>
            </>
          )}
          . Only a token marked New can be renewed.
        </>
      )
    case 'revoked':
      return (
        <>
          {name} was revoked by <Revoker token={token} />
          {token.revokedAt && (
            <>
              , <Time at={token.revokedAt} ago={token.asOf} />
            </>
          )}
          {reasonOf(token) !== null && <>: {reasonOf(token)?.toLowerCase()}</>}. It cannot be renewed.
        </>
      )
    case 'expired':
      return (
        <>
          {name} expired <Time at={token.expiresAt} ago={token.asOf} />. It cannot be renewed:{' '}
          {side === 'merchant'
            ? 'where the partner has no other token, issue a new one on its page under Partners with access.'
            : 'its merchant has to issue a new one.'}
        </>
      )
    case 'paused':
      return (
        <>{name} is paused by the other side, which alone can resume it. It cannot be renewed until then.</>
      )
    case 'package-without-apis':
      return <>{name} is for a store whose package has no APIs: nothing can be renewed for it.</>
  }
}
