'use client'

import type { Route } from 'next'
import type { ReactNode } from 'react'
import { Link } from '#components/ui/link.tsx'
import type { Side } from '#lib/access/actor.ts'
import { lastResumeSeconds, pausesOfTokenADay, shortestPauseMinutes } from '#lib/pauses/limits.ts'
import type { PauseObstacle, PauseOutcome } from '#lib/pauses/pause.ts'
import type { ResumeObstacle, ResumeOutcome } from '#lib/pauses/resume.ts'
import type { RefusalProof } from '#lib/proofs/ask.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import { counted } from '../../ui/numbers.ts'
import { ResultPanel } from '../../ui/result-panel.tsx'
import { StandbyNote } from '../../ui/standby-note.tsx'
import { Time } from '../../ui/time.tsx'
import { DialogLink } from '../dialog-link.tsx'
import { TokenTail } from '../list/token-cells.tsx'
import { AcceptingServers, Proof } from '../revocation/refusal-proof.tsx'
import { otherParty, otherSideNames } from '../words.ts'
import { pauseOf } from './own-pause.ts'

const maxListed = 10

/** What pausing did, token by token, with what the API servers say of it. Takes the focus, and is read out. */
export function PauseResult({
  side,
  done: { outcome, proof },
  list,
}: {
  side: Side
  done: { outcome: PauseOutcome; proof: RefusalProof | null }
  list: Route
}) {
  const { paused, leftOut, missing, endsAs, onStandby } = outcome
  const [first] = paused
  const own = first && pauseOf(first, side)
  const count = paused.length
  return (
    <ResultPanel
      alarm={<AcceptingServers proof={proof} what="paused" />}
      kind={first && onStandby === 'confirmed' ? 'ok' : 'warn'}
      title={
        !first ? (
          'No token was paused.'
        ) : count === 1 ? (
          <>
            <Name token={first} side={side} /> is paused.
          </>
        ) : (
          `${counted(count, 'token')} are paused.`
        )
      }
    >
      {own && <Proof proof={proof} revokedCount={count} revokedAt={own.begunAt} are="paused" />}
      {onStandby === 'unconfirmed' && first && (
        <StandbyNote
          holds={`the API servers refuse ${count === 1 ? 'it' : 'them'}`}
          lost={`${count === 1 ? 'it' : 'they'} would work again`}
        />
      )}
      {count === 1 && first && (
        <p className="text-sm first-letter:uppercase">
          <UntilText token={first} side={side} endsAs={endsAs} />
        </p>
      )}
      {count > 1 && (
        <ul className="grid gap-1 text-sm">
          {paused.slice(0, maxListed).map((token) => (
            <li key={token.id}>
              <Name token={token} side={side} />: <UntilText token={token} side={side} endsAs={endsAs} />
            </li>
          ))}
          {count > maxListed && <li>and {count - maxListed} more</li>}
        </ul>
      )}
      {leftOut.map(({ token, obstacle }) => (
        <p key={token.id} className="text-sm">
          <Name token={token} side={side} /> {pauseObstacles[obstacle]}
        </p>
      ))}
      <Missing count={missing} />
      {first && (
        <>
          <p className="text-sm">
            You need not tell the {otherSideNames[side]}: it is notified of who paused what, until when and
            why.
          </p>
          <p className="flex flex-wrap gap-x-4 gap-y-1 text-sm font-semibold">
            <DialogLink
              list={list}
              to="resume"
              tokenIds={paused.map(({ id }) => id)}
              className="underline underline-offset-4"
            >
              Resume {count === 1 ? 'it' : 'them'}…
            </DialogLink>
            {count === 1 && (
              <Link href={`${list}/${first.id}` as Route} className="underline underline-offset-4">
                Page of the token
              </Link>
            )}
          </p>
        </>
      )}
    </ResultPanel>
  )
}

function UntilText({ token, side, endsAs }: { token: Token; side: Side; endsAs: PauseOutcome['endsAs'] }) {
  const own = pauseOf(token, side)
  if (!own) return 'the pause is over already.'
  if (own.endsAt.getTime() === token.expiresAt.getTime())
    return (
      <>
        paused until it expires, on <Time at={own.endsAt} show="date-and-time" />.
      </>
    )
  return (
    <>
      paused until <Time at={own.endsAt} show="date-and-time" />, then{' '}
      {endsAs === 'revoked' ? 'it is revoked' : 'it works again'}.
    </>
  )
}

/** Why a token was not paused, after its name. */
const pauseObstacles: Record<PauseObstacle, string> = {
  revoked: 'was revoked before.',
  'cut-off': 'was revoked before, with all others.',
  expired: 'has expired.',
  'expires-too-soon': `expires within ${shortestPauseMinutes} minutes: it was left as it is.`,
  paused: 'is paused by your side already: resume it first to choose another time.',
  'paused-too-often': `was paused ${pausesOfTokenADay} times within a day: revoke it, or wait.`,
}

/** What resuming did. Takes the focus, and is read out. */
export function ResumeResult({ side, outcome, list }: { side: Side; outcome: ResumeOutcome; list: Route }) {
  const { resumed, leftOut, missing } = outcome
  const [first] = resumed
  const stillPaused = resumed.filter(({ pauses }) => pauses.length > 0)
  return (
    <ResultPanel
      kind={first ? 'ok' : 'warn'}
      title={
        !first ? (
          'No token was resumed.'
        ) : resumed.length === 1 ? (
          <>
            <Name token={first} side={side} /> {stillPaused.length === 0 ? 'works again.' : 'is resumed.'}
          </>
        ) : (
          `${counted(resumed.length, 'token')} are resumed.`
        )
      }
    >
      {stillPaused.map((token) => (
        <p key={token.id} className="text-sm">
          <Name token={token} side={side} /> is still refused: the {otherSideNames[side]} has paused it as
          well.
        </p>
      ))}
      {leftOut.map(({ token, obstacle }) => (
        <p key={token.id} className="text-sm">
          <Name token={token} side={side} /> {resumeObstacles[obstacle]}
        </p>
      ))}
      <Missing count={missing} />
      {resumed.length === 1 && first && (
        <p className="text-sm font-semibold">
          <Link href={`${list}/${first.id}` as Route} className="underline underline-offset-4">
            Page of the token
          </Link>
        </p>
      )}
    </ResultPanel>
  )
}

/** Why a token was not resumed, after its name. */
const resumeObstacles: Record<ResumeObstacle, string> = {
  revoked: 'is revoked, and cannot work again.',
  'not-paused': 'is not paused.',
  'paused-by-others': 'is paused by the other side, which alone can resume it.',
  'paused-since': 'was paused anew by your side after you looked. Open it once more to see by whom and why.',
  'ends-now': `is revoked within ${lastResumeSeconds} seconds, when its pause ends: it is too late to resume it.`,
}

function Missing({ count }: { count: number }): ReactNode {
  if (count === 0) return null
  return (
    <p className="text-sm">
      {count === 1 ? 'One of the tokens is' : `${count} of the tokens are`} not among yours; nothing was done
      about {count === 1 ? 'it' : 'them'}.
    </p>
  )
}

function Name({ token, side }: { token: Token; side: Side }) {
  return (
    <span className="wrap-anywhere">
      <TokenTail token={token} /> {side === 'merchant' ? 'of' : 'for'}{' '}
      <bdi>{otherParty(side, token).name}</bdi>
    </span>
  )
}
