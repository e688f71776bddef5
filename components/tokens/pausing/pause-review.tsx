import type { Side } from '#lib/access/actor.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import type { RevocationReview } from '#lib/tokens/review/review.ts'
import { Time } from '../../ui/time.tsx'
import { PartyId, StatusTag, TokenTail } from '../list/token-cells.tsx'
import { type LiveToken, WhatBreaks } from '../revocation/blast-radius-list.tsx'
import { otherParty } from '../words.ts'
import { pauseOf } from './own-pause.ts'
import { PauseFacts } from './pause-facts.tsx'
import type { PausingProps, ResumingProps } from './pausing.tsx'

/** The dialog that pauses the tokens of a choice. */
export function pauseDialogOf(side: Side, review: RevocationReview): NonNullable<PausingProps['dialog']> {
  const free = review.live.filter((token) => !pauseOf(token, side))
  const others = [...review.live.filter((token) => pauseOf(token, side)), ...review.ended]
  const names = [...new Set(free.map((token) => otherParty(side, token).name))]
  const [first] = free
  return {
    kind: first ? 'pause' : 'nothing-left',
    title: !first
      ? 'Nothing is left to pause'
      : free.length > 1
        ? `Pause ${free.length} tokens?`
        : `Pause the token …${first.lastCharacters} ${side === 'merchant' ? 'of' : 'for'} ${otherParty(side, first).name}?`,
    tokenIds: [...review.live, ...review.ended].map(({ id }) => id),
    count: free.length,
    reader: names.length === 1 ? (names[0] ?? null) : null,
    now: (review.live[0] ?? review.ended[0])?.asOf ?? review.siblingsUntil,
    review: (
      <>
        {free.length > 0 && (
          <>
            <WhatBreaks live={free} />
            <Tokens side={side} tokens={free} label="Tokens that will be paused" />
          </>
        )}
        <LeftOut side={side} tokens={others} missing={review.missing} />
      </>
    ),
  }
}

/** The dialog that resumes those of a choice that the reader's side has paused. */
export function resumeDialogOf(side: Side, review: RevocationReview): NonNullable<ResumingProps['dialog']> {
  const paused = review.live.filter((token) => pauseOf(token, side))
  const others = [...review.live.filter((token) => !pauseOf(token, side)), ...review.ended]
  const [first] = paused
  return {
    kind: first ? 'resume' : 'nothing-left',
    title: !first
      ? 'Nothing is left to resume'
      : paused.length > 1
        ? `Resume ${paused.length} tokens?`
        : `Resume the token …${first.lastCharacters} ${side === 'merchant' ? 'of' : 'for'} ${otherParty(side, first).name}?`,
    tokenIds: [...review.live, ...review.ended].map(({ id }) => id),
    count: paused.length,
    seenAt: first?.asOf ?? review.siblingsUntil,
    review: (
      <>
        {paused.length > 0 && (
          <>
            <p>
              {paused.length === 1 ? 'Calls with it are' : 'Calls with them are'} accepted again from the next
              one on, unless the other side has paused {paused.length === 1 ? 'it' : 'them'} as well.
            </p>
            <Tokens side={side} tokens={paused} label="Tokens that will be resumed" />
          </>
        )}
        <LeftOut side={side} tokens={others} missing={review.missing} />
      </>
    ),
  }
}

function Tokens({ side, tokens, label }: { side: Side; tokens: (Token | LiveToken)[]; label: string }) {
  return (
    <ul aria-label={label} className="divide-y divide-line rounded-[10px] border border-line">
      {tokens.map((token) => {
        const other = otherParty(side, token)
        return (
          <li key={token.id} className="flex flex-wrap items-center gap-x-2.5 gap-y-1 px-3 py-2">
            <span className="min-w-0 wrap-anywhere">
              <bdi className="font-medium">{other.name}</bdi> <PartyId id={other.id} />
            </span>
            <StatusTag token={token} />
            <TokenTail token={token} />
            <span className="text-[13px] text-soft sm:ml-auto">
              {token.lastUsedAt ? (
                <>
                  last used <Time at={token.lastUsedAt} ago={token.asOf} />
                </>
              ) : (
                'never used'
              )}
            </span>
            {token.pauses.length > 0 && (
              <span className="basis-full text-[13px] text-soft">
                <PauseFacts side={side} show="all" token={token} />
              </span>
            )}
          </li>
        )
      })}
    </ul>
  )
}

function LeftOut({ side, tokens, missing }: { side: Side; tokens: Token[]; missing: number }) {
  return (
    <>
      {tokens.map((token) => (
        <p key={token.id} className="text-sm text-soft wrap-anywhere">
          <TokenTail token={token} /> {side === 'merchant' ? 'of' : 'for'}{' '}
          <bdi>{otherParty(side, token).name}</bdi> {whyLeftOut(side, token)}
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

function whyLeftOut(side: Side, token: Token): string {
  if (token.status === 'revoked') return 'is revoked.'
  if (token.status === 'expired') return 'has expired.'
  if (pauseOf(token, side)) return 'is paused by your side already: resume it first to choose another time.'
  return token.pauses.length > 0
    ? 'is paused by the other side, which alone can resume it.'
    : 'is not paused.'
}
