import type { Route } from 'next'
import { Link } from '#components/ui/link.tsx'
import type { Side } from '#lib/access/actor.ts'
import { maxCounted } from '#lib/tokens/limits.ts'
import type { RevocationReview } from '#lib/tokens/review/review.ts'
import type { SiblingCount } from '#lib/tokens/review/siblings.ts'
import { relativeTime } from '../../ui/relative-time.ts'
import { Tag } from '../../ui/tag.tsx'
import { Time } from '../../ui/time.tsx'
import { UsagePicture } from '../details/usage-picture.tsx'
import { PartyId, Revoker, StatusTag, TokenTail } from '../list/token-cells.tsx'
import { hrefOfDialog } from '../token-dialog.ts'
import { otherParty, reasonNames } from '../words.ts'
import { BlastRadiusOfAll, BlastRadiusOfToken } from './blast-radius-list.tsx'
import { SiblingTick } from './sibling-tick.tsx'

export function revocationTitle(side: Side, { live }: RevocationReview): string {
  const [only] = live
  if (!only) return 'Nothing is left to revoke'
  if (live.length > 1) return `Revoke ${live.length} tokens?`
  const { name } = otherParty(side, only)
  return side === 'merchant' ? `Revoke ${name}’s token?` : `Revoke the token for ${name}?`
}

/** Each token that will die, and each that is dead already. */
export function TokensToRevoke({ side, review }: { side: Side; review: RevocationReview }) {
  const { live, ended, missing } = review
  return (
    <>
      {live.length > 1 && <BlastRadiusOfAll live={live} />}
      {live.length > 0 && (
        <ul
          aria-label="Tokens that will be revoked"
          // Several scroll here, two long names already, and the keyboard must reach them; one is shown whole.
          tabIndex={live.length > 1 ? 0 : undefined}
          className={`divide-y divide-line rounded-[10px] border border-line ${live.length > 1 ? 'max-h-60 overflow-y-auto' : ''}`}
        >
          {live.map((token) => (
            <TokenToRevoke key={token.id} token={token} live={live} side={side} />
          ))}
        </ul>
      )}
      {ended.map((token) => (
        <p key={token.id} className="text-sm text-soft wrap-anywhere">
          <TokenTail token={token} /> of <bdi>{otherParty(side, token).name}</bdi>{' '}
          {token.revokedAt ? (
            <>
              was revoked by <Revoker token={token} />, {relativeTime(token.revokedAt, token.asOf)}
              {token.reason && <>: {reasonNames[token.reason].toLowerCase()}</>}.
            </>
          ) : (
            <>expired {relativeTime(token.expiresAt, token.asOf)}.</>
          )}
        </p>
      ))}
      {missing > 0 && (
        <p className="text-sm text-soft">
          {missing === 1 ? 'One chosen token is' : `${missing} chosen tokens are`} not among yours.
        </p>
      )}
    </>
  )
}

function TokenToRevoke({
  token,
  live,
  side,
}: {
  token: RevocationReview['live'][number]
  live: RevocationReview['live']
  side: Side
}) {
  const other = otherParty(side, token)
  return (
    <li className="flex flex-wrap items-center gap-x-2.5 gap-y-1 px-3 py-2">
      <span className="flex basis-full items-start justify-between gap-x-3">
        <span className="min-w-0 wrap-anywhere">
          <bdi className="font-medium">{other.name}</bdi> <PartyId id={other.id} />
        </span>
        <UsagePicture days={token.days} />
      </span>
      <StatusTag token={token} />
      <TokenTail token={token} />
      {token.inUse && <Tag look="accent">In use</Tag>}
      <span className="text-[13px] text-soft sm:ml-auto">
        expires <Time at={token.expiresAt} />
      </span>
      <BlastRadiusOfToken token={token} live={live} />
    </li>
  )
}

/** The forgotten second token: what the same partners still hold for the same stores. */
export function SiblingOffer({ side, review, list }: { side: Side; review: RevocationReview; list: Route }) {
  const { siblings, siblingCount } = review
  const [first] = siblings
  if (!first) return null
  const single = siblingCount === 1
  // Siblings are of the pairs of the choice, also those that are not listed here.
  const asked = [...review.live, ...review.ended]
  const oneParty = new Set(asked.map(({ storeId, partnerId }) => `${storeId} ${partnerId}`)).size === 1
  const holder =
    side === 'merchant' ? (oneParty ? first.partnerName : 'The same partners') : first.partnerName
  const where =
    side === 'merchant' ? 'for this store' : oneParty ? `for ${first.storeName}` : 'for the same stores'
  return (
    <div className="grid gap-2 rounded-[10px] bg-warn-soft px-3 py-2.5 text-warn">
      <p className="wrap-anywhere">
        <bdi>{holder}</bdi> {holder === 'The same partners' ? 'hold' : 'holds'}{' '}
        {single
          ? 'one more live token'
          : `${siblingCount === 'more-than-100' ? `more than ${maxCounted}` : siblingCount} more live tokens`}{' '}
        <bdi>{where}</bdi>. {single ? 'It stays' : 'They stay'} valid:
      </p>
      <ul className="grid gap-1 text-sm">
        {siblings.map((token) => (
          <li key={token.id} className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
            {!oneParty && <bdi className="wrap-anywhere">{otherParty(side, token).name}</bdi>}
            <StatusTag token={token} />
            <TokenTail token={token} />
            <span>
              good until <Time at={token.expiresAt} />
            </span>
            {token.inUse && <Tag look="accent">In use</Tag>}
          </li>
        ))}
        <RestOfSiblings count={siblingCount} listed={siblings.length} />
      </ul>
      {review.live.length > 0 ? (
        <SiblingTick
          until={review.siblingsUntil}
          label={single ? 'Revoke it as well' : 'Revoke them as well'}
        />
      ) : (
        <Link
          href={hrefOfDialog({ list, params: [] }, { to: 'revoke', tokenIds: siblings.map(({ id }) => id) })}
          scroll={false}
          className="justify-self-start font-semibold underline underline-offset-4"
        >
          {single ? 'Revoke it…' : 'Revoke them…'}
        </Link>
      )}
    </div>
  )
}

/** How many siblings are not listed by name. */
export function RestOfSiblings({ count, listed }: { count: SiblingCount; listed: number }) {
  if (count === 'more-than-100') return <li>and more than {maxCounted - listed} more</li>
  return count > listed ? <li>and {count - listed} more</li> : null
}

/** What happens to callers, and how a partner gets back in. */
export function Consequences({ side }: { side: Side }) {
  return (
    <p>
      From the moment you confirm, API calls with a revoked token are refused. This cannot be undone.{' '}
      {side === 'merchant'
        ? 'A partner whose last token is gone gets back in when a new one is issued on its page under Partners with access.'
        : 'Where the last token of a store is gone, its merchant has to issue a new one.'}
    </p>
  )
}
