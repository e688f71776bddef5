import type { Route } from 'next'
import { Link } from '#components/ui/link.tsx'
import type { Side } from '#lib/access/actor.ts'
import { maxCounted } from '#lib/tokens/limits.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import type { SiblingCount } from '#lib/tokens/review/siblings.ts'
import type { RevocationOutcome } from '#lib/tokens/revoke.ts'
import { Time } from '../../ui/time.tsx'
import { DialogLink } from '../dialog-link.tsx'
import { Revoker, TokenTail } from '../list/token-cells.tsx'
import type { Revoked } from '../token-actions.ts'
import { otherParty, otherSideNames, reasonOf } from '../words.ts'
import { Proof } from './refusal-proof.tsx'
import { UnconfirmedRevocation } from './unconfirmed-revocation.tsx'

const maxListed = 10

type Revocation = { side: Side; revoked: Revoked; list: Route }

/** What a revocation did, token by token. */
export function RevocationSummary({ side, revoked: { outcome, proof }, list }: Revocation) {
  const { revoked, revokedCount, alreadyRevoked, expired, missing } = outcome
  const [first] = revoked
  return (
    <>
      {first && <Proof proof={proof} revokedCount={revokedCount} revokedAt={first.revokedAt ?? first.asOf} />}
      {revokedCount > 1 && (
        <ul className="list-disc pl-5 text-sm">
          {revoked.slice(0, maxListed).map((token) => (
            <li key={token.id}>
              <Name token={token} side={side} />
            </li>
          ))}
          {revokedCount > maxListed && <li>and {revokedCount - Math.min(maxListed, revoked.length)} more</li>}
        </ul>
      )}
      <UnconfirmedRevocation
        onStandby={outcome.onStandby}
        revokedCount={revokedCount}
        alreadyRevokedCount={alreadyRevoked.length}
      />
      {alreadyRevoked.map((token) => (
        <p key={token.id} className="text-sm">
          <Name token={token} side={side} /> was already revoked by <Revoker token={token} /> on{' '}
          {token.revokedAt && <Time at={token.revokedAt} show="date-and-time" />}
          {reasonOf(token) !== null && <>: {reasonOf(token)?.toLowerCase()}</>}. It was not revoked again.
        </p>
      ))}
      {expired.map((token) => (
        <p key={token.id} className="text-sm">
          <Name token={token} side={side} /> had expired on <Time at={token.expiresAt} show="date-and-time" />{' '}
          and is refused anyway.
        </p>
      ))}
      {missing > 0 && (
        <p className="text-sm">
          {missing === 1 ? 'One of the tokens is' : `${missing} of the tokens are`} not among yours; nothing
          was done about {missing === 1 ? 'it' : 'them'}.
        </p>
      )}
      <StillValid side={side} outcome={outcome} list={list} />
      {first && <NextStep side={side} outcome={outcome} first={first} list={list} />}
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
          <DialogLink
            list={list}
            to="revoke"
            tokenIds={others.map(({ id }) => id)}
            className="font-semibold underline underline-offset-4"
          >
            Revoke {others.length === 1 ? 'it' : 'them'} as well…
          </DialogLink>
        </div>
      )}
    </>
  )
}

export function RevocationTitle({
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

/** What the other side learns, and what is left to do. */
function NextStep({
  side,
  outcome: { revoked, stillLiveCount },
  first,
  list,
}: {
  side: Side
  outcome: RevocationOutcome
  first: Token
  list: Route
}) {
  const several = new Set(revoked.map((token) => otherParty(side, token).id)).size > 1
  const name = several ? `the ${otherSideNames[side]}s` : <bdi>{otherParty(side, first).name}</bdi>
  return (
    <>
      <p className="text-sm">
        You need not tell {name}: {several ? 'they are' : 'it is'} notified of who revoked what, and why.
        {stillLiveCount === 0 &&
          (side === 'merchant'
            ? ' It gets back in with a new token, which you issue on its page.'
            : ' To call again you need a new token, which the merchant issues.')}
      </p>
      <p className="flex flex-wrap gap-x-4 gap-y-1 text-sm font-semibold">
        {!several && stillLiveCount === 0 && side === 'merchant' && (
          <Link
            href={`${list}/partners/${first.partnerId}` as Route}
            className="underline underline-offset-4"
          >
            Page of the partner
          </Link>
        )}
        {revoked.length === 1 && (
          <Link href={`${list}/${first.id}` as Route} className="underline underline-offset-4">
            Receipt and history
          </Link>
        )}
      </p>
    </>
  )
}

/** How many siblings are not listed by name. */
export function RestOfSiblings({ count, listed }: { count: SiblingCount; listed: number }) {
  if (count === 'more-than-100') return <li>and more than {maxCounted - listed} more</li>
  return count > listed ? <li>and {count - listed} more</li> : null
}
