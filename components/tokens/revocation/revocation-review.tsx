import type { Route } from 'next'
import type { ReactNode } from 'react'
import type { Side } from '#lib/access/actor.ts'
import { dayMs } from '#lib/time/units.ts'
import { maxCounted } from '#lib/tokens/limits.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import type { RevocationReview } from '#lib/tokens/review/review.ts'
import type { SiblingCount } from '#lib/tokens/review/siblings.ts'
import { formatted } from '../../ui/numbers.ts'
import { Time } from '../../ui/time.tsx'
import { DialogLink } from '../dialog-link.tsx'
import { PartyId, Revoker, StatusTag, TokenTail } from '../list/token-cells.tsx'
import { pauseOf } from '../pausing/own-pause.ts'
import { otherParty, reasonOf } from '../words.ts'
import { byDanger, EndingToken, type LiveToken, WhatBreaks } from './blast-radius-list.tsx'
import { usualProof } from './proof-text.ts'
import type { RevocationProps } from './revocation.tsx'
import { RestOfSiblings, RevocationSummary, RevocationTitle } from './revocation-summary.tsx'
import { SiblingTick, SiblingTicks } from './sibling-ticks.tsx'

type Dialog = NonNullable<RevocationProps['dialog']>

/** The dialog that revokes the tokens of a choice. */
export function revokeDialogOf(side: Side, review: RevocationReview, list: Route): Dialog {
  const { live, ended } = review
  return {
    ...dialogOf(side, review, list),
    review: (
      <>
        <TokensToRevoke side={side} review={review} />
        <PauseInstead side={side} live={live} list={list} />
      </>
    ),
    kind: live.length > 0 ? 'revoke' : 'nothing-left',
    title: revocationTitle(side, review),
    tokenIds: [...live, ...ended].map(({ id }) => id),
    siblings: <SiblingOffer side={side} review={review} list={list} />,
  }
}

/** The dialog that revokes the one token of a review, which its successor has replaced. */
export function retireDialogOf(side: Side, review: RevocationReview, list: Route): Dialog {
  const [token] = review.live
  return {
    ...dialogOf(side, review, list),
    kind: token ? 'retire' : 'nothing-left',
    title: token ? `Revoke the old token …${token.lastCharacters}?` : revocationTitle(side, review),
    tokenIds: [...review.live, ...review.ended].map(({ id }) => id),
    siblings: token && <Replacement token={token} />,
  }
}

function dialogOf(side: Side, review: RevocationReview, list: Route) {
  return {
    count: review.live.length,
    review: <TokensToRevoke side={side} review={review} />,
    consequences: <Consequences side={side} />,
    reader: readerOf(side, review.live),
    expected: <ExpectedResult side={side} review={review} list={list} />,
  }
}

/** Whose tokens, and how many. */
function revocationTitle(side: Side, { live }: Pick<RevocationReview, 'live'>): string {
  const [first] = live
  if (!first) return 'Nothing is left to revoke'
  const { name } = otherParty(side, first)
  const count = live.length
  if (count === 1) return side === 'merchant' ? `Revoke ${name}’s token?` : `Revoke the token for ${name}?`
  const parties = partiesOf(side, live).length
  if (parties > 1) {
    return side === 'merchant'
      ? `Revoke ${count} tokens of ${parties} partners?`
      : `Revoke ${count} tokens for ${parties} stores?`
  }
  return side === 'merchant' ? `Revoke ${name}’s ${count} tokens?` : `Revoke ${count} tokens for ${name}?`
}

/** As large as what will be said of the revocation. */
function ExpectedResult({ side, review, list }: { side: Side; review: RevocationReview; list: Route }) {
  const outcome = review.expected
  return (
    <>
      <p className="font-semibold">
        <RevocationTitle side={side} {...outcome} />
      </p>
      <RevocationSummary side={side} revoked={{ outcome, proof: usualProof }} list={list} />
    </>
  )
}

/** Who reads the reason; null: several. */
function readerOf(side: Side, tokens: Token[]): string | null {
  const [first, ...more] = partiesOf(side, tokens)
  return first && more.length === 0 ? first.name : null
}

function partiesOf(side: Side, tokens: Token[]) {
  return [...new Map(tokens.map((token) => [otherParty(side, token).id, otherParty(side, token)])).values()]
}

/** What breaks, then each token that ends, and each that has ended already. */
export function TokensToRevoke({ side, review }: { side: Side; review: RevocationReview }) {
  const { live, ended, missing } = review
  return (
    <>
      {live.length > 0 && (
        <>
          <WhatBreaks live={live} />
          <EndingTokens side={side} live={live} />
        </>
      )}
      {ended.map((token) => (
        <p key={token.id} className="text-sm text-soft wrap-anywhere">
          <TokenTail token={token} /> of <bdi>{otherParty(side, token).name}</bdi>{' '}
          {token.revokedAt ? (
            <>
              was revoked by <Revoker token={token} />, <Time at={token.revokedAt} ago={token.asOf} />
              {reasonOf(token) !== null && <>: {reasonOf(token)?.toLowerCase()}</>}.
            </>
          ) : (
            <>
              expired <Time at={token.expiresAt} ago={token.asOf} />.
            </>
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

/** What was used lately may be needed still: for who is not sure there is a way back. */
function PauseInstead({ side, live, list }: { side: Side; live: LiveToken[]; list: Route }) {
  const used = live.filter(
    ({ lastUsedAt, asOf }) => lastUsedAt && asOf.getTime() - lastUsedAt.getTime() < dayMs,
  )
  if (used.length === 0 || live.every((token) => pauseOf(token, side))) return null
  return (
    <p className="text-sm">
      Not sure what depends on {live.length === 1 ? 'it' : 'them'}?{' '}
      <DialogLink
        list={list}
        to="pause"
        tokenIds={live.map(({ id }) => id)}
        replace
        className="font-semibold underline underline-offset-4"
      >
        Pause {live.length === 1 ? 'it' : 'them'} instead…
      </DialogLink>{' '}
      Calls with a paused token are refused in the same way, and it can be resumed.
    </p>
  )
}

/** A group for each partner or store, the one with the most calls first. */
function EndingTokens({ side, live }: { side: Side; live: LiveToken[] }) {
  const groups = [...Map.groupBy(byDanger(live), (token) => otherParty(side, token).id).values()]
  const calls = (group: LiveToken[]) => group.reduce((sum, { blastRadius }) => sum + blastRadius.calls, 0)
  groups.sort((a, b) => calls(b) - calls(a))
  return (
    <section aria-label="Tokens that will be revoked" className="grid gap-1.5">
      <Heading>{live.length === 1 ? 'This token ends for good' : 'These tokens end for good'}</Heading>
      <ul className="divide-y divide-line rounded-[10px] border border-line px-3">
        {groups.map((group) => (
          <Group key={group[0]?.id} side={side} group={group} live={live} />
        ))}
      </ul>
    </section>
  )
}

function Group({ side, group, live }: { side: Side; group: LiveToken[]; live: LiveToken[] }) {
  const [first] = group
  if (!first) return null
  const { name, id } = otherParty(side, first)
  return (
    <li className="py-1.5">
      <p className="wrap-anywhere">
        <bdi className="font-medium">{name}</bdi> <PartyId id={id} />
        {group.length > 1 && (
          <span className="text-[13px] text-soft"> · {formatted(group.length)} tokens</span>
        )}
      </p>
      <ul className="divide-y divide-line">
        {group.map((token) => (
          <EndingToken key={token.id} token={token} live={live} />
        ))}
      </ul>
    </li>
  )
}

function Heading({ children }: { children: ReactNode }) {
  return <h3 className="text-[13px] font-medium text-soft">{children}</h3>
}

/** The forgotten second token: what the same partners still have for the same stores, with a tick for each. */
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
  const text = (
    <>
      <bdi>{holder}</bdi> {holder === 'The same partners' ? 'have' : 'has'}{' '}
      {single ? 'one more valid token' : `${countText(siblingCount)} more valid tokens`} <bdi>{where}</bdi>.{' '}
      {single ? 'It goes' : 'They go'} on working
    </>
  )
  const rows = siblings.map((token) => (
    <SiblingRow
      key={token.id}
      token={token}
      party={oneParty ? null : otherParty(side, token).name}
      choice={review.live.length > 0 ? 'tick' : 'none'}
      renews={asked.find(({ id }) => id === token.predecessorId)}
    />
  ))
  const look = 'grid gap-1 rounded-[10px] bg-warn-soft px-3 py-2.5 text-warn'
  if (review.live.length === 0) {
    return (
      <div className={look}>
        <p className="wrap-anywhere">{text}:</p>
        <ul className="grid gap-1 text-sm">
          {rows}
          <RestOfSiblings count={siblingCount} listed={siblings.length} />
        </ul>
        <DialogLink
          list={list}
          to="revoke"
          tokenIds={siblings.map(({ id }) => id)}
          className="justify-self-start font-semibold underline underline-offset-4"
        >
          {single ? 'Revoke it…' : 'Revoke them…'}
        </DialogLink>
      </div>
    )
  }
  return (
    <fieldset className={look} aria-labelledby="siblings-title">
      <p id="siblings-title" className="wrap-anywhere">
        {text}. Tick what is to end as well:
      </p>
      <SiblingTicks
        listed={siblings.length}
        all={siblingCount === 'more-than-100' ? Number.POSITIVE_INFINITY : siblingCount}
        until={review.siblingsUntil}
      >
        {rows}
      </SiblingTicks>
    </fieldset>
  )
}

const countText = (count: SiblingCount) =>
  count === 'more-than-100' ? `more than ${maxCounted}` : formatted(count)

function SiblingRow({
  token,
  party,
  choice,
  renews,
}: {
  token: Token
  /** Null: there is only one. */
  party: string | null
  choice: 'tick' | 'none'
  /** Which of the choice it has taken over from. */
  renews: Token | undefined
}) {
  const facts = (
    <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-0.5">
      {party !== null && <bdi className="wrap-anywhere">{party}</bdi>}
      <TokenTail token={token} />
      <StatusTag token={token} />
      <span>
        {token.lastUsedAt ? (
          <>
            last used <Time at={token.lastUsedAt} ago={token.asOf} />
          </>
        ) : (
          'never used'
        )}
        , ends <Time at={token.expiresAt} />
        {renews && (
          <>
            , takes over from <TokenTail token={renews} />
          </>
        )}
      </span>
    </span>
  )
  return (
    <li className="text-sm">
      {choice === 'tick' ? <SiblingTick id={token.id}>{facts}</SiblingTick> : facts}
    </li>
  )
}

/** How a partner gets back in. */
export function Consequences({ side }: { side: Side }) {
  return (
    <p>
      A revoked token is refused at once, and never works again.{' '}
      {side === 'merchant'
        ? 'A partner without any token gets back in when you issue a new one on its page under Partners with access.'
        : 'Where no token is left for a store, its merchant has to issue a new one.'}
    </p>
  )
}

/** Of a token that its successor has replaced: who would still notice, and what goes on working. */
export function Replacement({ token }: { token: Token }) {
  const { successor, lastUsedAt, asOf } = token
  if (!successor) return null
  return (
    <div className="grid gap-1 text-sm">
      {lastUsedAt && successor.adoptedAt && lastUsedAt > successor.adoptedAt && (
        <p className="text-warn">
          <TokenTail token={token} /> was still used <Time at={lastUsedAt} ago={asOf} />, after{' '}
          <TokenTail token={successor} /> had come into use: some program has not switched over yet.
        </p>
      )}
      <p>
        <TokenTail token={successor} /> has replaced it, and goes on working.
        {successor.adoptedAt && (
          <>
            {' '}
            It was first used <Time at={successor.adoptedAt} ago={asOf} />.
          </>
        )}
      </p>
    </div>
  )
}
