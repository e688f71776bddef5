'use client'

import type { Route } from 'next'
import { useEffect, useRef } from 'react'
import { Link } from '#components/ui/link.tsx'
import type { Side } from '#lib/access/actor.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import type { RevocationOutcome } from '#lib/tokens/revoke.ts'
import { Notice } from '../../ui/notice.tsx'
import { Time } from '../../ui/time.tsx'
import { Revoker, TokenTail } from '../list/token-cells.tsx'
import type { Revoked } from '../token-actions.ts'
import { hrefOfDialog } from '../token-dialog.ts'
import { otherParty, reasonName } from '../words.ts'
import { AcceptingServers, Proof } from './refusal-proof.tsx'
import { RestOfSiblings } from './revocation-review.tsx'
import { UnconfirmedRevocation } from './unconfirmed-revocation.tsx'

const maxListed = 10

/** What a revocation did, token by token. Takes the focus, and is read out. */
export function RevocationResult({
  side,
  revoked: { outcome, proof },
  list,
}: {
  side: Side
  revoked: Revoked
  list: Route
}) {
  const notice = useRef<HTMLDivElement>(null)
  useEffect(() => notice.current?.focus(), [])
  const { revoked, revokedCount, alreadyRevoked, expired, missing } = outcome
  const [first] = revoked
  return (
    <>
      <AcceptingServers proof={proof} />
      <Notice
        ref={notice}
        tabIndex={-1}
        role="status"
        kind={revokedCount > 0 && outcome.onStandby === 'confirmed' ? 'ok' : 'warn'}
        title={<Title side={side} revoked={revoked} revokedCount={revokedCount} />}
        className="mb-5"
      >
        {revokedCount > 1 && (
          <ul className="list-disc pl-5 text-sm">
            {revoked.slice(0, maxListed).map((token) => (
              <li key={token.id}>
                <Name token={token} side={side} />
              </li>
            ))}
            {revokedCount > maxListed && (
              <li>and {revokedCount - Math.min(maxListed, revoked.length)} more</li>
            )}
          </ul>
        )}
        <UnconfirmedRevocation
          onStandby={outcome.onStandby}
          revokedCount={revokedCount}
          alreadyRevokedCount={alreadyRevoked.length}
        />
        {first && <Proof proof={proof} revokedCount={revokedCount} revokedAt={first.asOf} />}
        {revokedCount > 0 && (
          <p className="text-sm">
            <OtherParties side={side} tokens={revoked} /> who revoked {revokedCount === 1 ? 'it' : 'them'} and
            why.
          </p>
        )}
        {alreadyRevoked.map((token) => (
          <p key={token.id} className="text-sm">
            <Name token={token} side={side} /> was already revoked by <Revoker token={token} /> on{' '}
            {token.revokedAt && <Time at={token.revokedAt} show="date-and-time" />}
            {token.revokedBy !== null && <>: {reasonName(token.reason).toLowerCase()}</>}. It was not revoked
            again.
          </p>
        ))}
        {expired.map((token) => (
          <p key={token.id} className="text-sm">
            <Name token={token} side={side} /> had expired on{' '}
            <Time at={token.expiresAt} show="date-and-time" /> and is refused anyway.
          </p>
        ))}
        {missing > 0 && (
          <p className="text-sm">
            {missing === 1 ? 'One of the tokens is' : `${missing} of the tokens are`} not among yours; nothing
            was done about {missing === 1 ? 'it' : 'them'}.
          </p>
        )}
        <StillValid side={side} outcome={outcome} list={list} />
      </Notice>
    </>
  )
}

/** What took over from a token that ended is named, and never offered to end as well. */
function StillValid({ side, outcome, list }: { side: Side; outcome: RevocationOutcome; list: Route }) {
  const { stillLive, stillLiveCount, successorIds, newAgainIds } = outcome
  const successors = stillLive.filter(({ id }) => successorIds.includes(id))
  const others = stillLive.filter(({ id }) => !successorIds.includes(id))
  const [first] = others
  return (
    <>
      {successors.map((token) => (
        <p key={token.id} className="text-sm">
          <Name token={token} side={side} /> has taken over, and goes on working until{' '}
          <Time at={token.expiresAt} />.
        </p>
      ))}
      {first && (
        <div className="text-sm">
          <p className="font-semibold">Still valid for API calls:</p>
          <ul className="list-disc pl-5">
            {others.map((token) => (
              <li key={token.id}>
                <Name token={token} side={side} />, good until <Time at={token.expiresAt} />
                {newAgainIds.includes(token.id) && ', can be renewed again'}
              </li>
            ))}
            <RestOfSiblings count={stillLiveCount} listed={stillLive.length} />
          </ul>
          <Link
            href={hrefOfDialog({ list, params: [] }, { to: 'revoke', tokenIds: others.map(({ id }) => id) })}
            scroll={false}
            className="font-semibold underline underline-offset-4"
          >
            Revoke {others.length === 1 ? 'it' : 'them'} as well…
          </Link>
        </div>
      )}
    </>
  )
}

function Title({
  side,
  revoked,
  revokedCount,
}: Pick<RevocationOutcome, 'revoked' | 'revokedCount'> & { side: Side }) {
  const [only] = revoked
  if (revokedCount === 0 || !only) return 'No token was revoked.'
  if (revokedCount > 1) return `${revokedCount.toLocaleString('en')} tokens are revoked.`
  return (
    <>
      <Name token={only} side={side} /> is revoked.
    </>
  )
}

function Name({ token, side }: { token: Token; side: Side }) {
  const { name } = otherParty(side, token)
  return (
    <span className="wrap-anywhere">
      {side === 'merchant' ? (
        <>
          <bdi>{name}</bdi>’s token
        </>
      ) : (
        <>
          The token for <bdi>{name}</bdi>
        </>
      )}{' '}
      <TokenTail token={token} />
    </span>
  )
}

function OtherParties({ side, tokens }: { side: Side; tokens: Token[] }) {
  const several = new Set(tokens.map((token) => otherParty(side, token).id)).size > 1
  const name = side === 'merchant' ? 'partner' : 'merchant'
  return several ? `The ${name}s see` : `The ${name} sees`
}
