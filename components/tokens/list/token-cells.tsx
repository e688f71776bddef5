import type { Side } from '#lib/access/actor.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import { Person } from '../../people/person.tsx'
import { counted } from '../../ui/numbers.ts'
import { relativeTime } from '../../ui/relative-time.ts'
import { Tag } from '../../ui/tag.tsx'
import { Time } from '../../ui/time.tsx'
import { reasonName, sideNames, statusNames } from '../words.ts'

/** A second line; where rows are folded it goes on in the first one. */
const below = "block text-[12.5px] text-soft max-lg:inline max-lg:before:content-['_·_']"

/** The mark of a token: New, Renewed, Revoked or Expired. */
export function StatusTag({ token }: { token: Pick<Token, 'status'> }) {
  switch (token.status) {
    case 'new':
      return <Tag look="ok">{statusNames.new}</Tag>
    case 'renewed':
      return <Tag>{statusNames.renewed}</Tag>
    case 'revoked':
      return <Tag look="danger">{statusNames.revoked}</Tag>
    case 'expired':
      return <Tag>{statusNames.expired}</Tag>
  }
}

/** The last characters, by which people tell tokens apart. */
export function TokenTail({ token }: { token: Pick<Token, 'lastCharacters'> }) {
  return (
    <span className="font-mono text-[0.88em] whitespace-nowrap">
      <span className="sr-only">ending in </span>
      <span aria-hidden="true">…</span>
      {token.lastCharacters}
    </span>
  )
}

/** A store's or a partner's ID. Only a long one may break. */
export function PartyId({ id, className = '' }: { id: string; className?: string }) {
  const breaking = id.length > 20 ? 'wrap-anywhere' : 'whitespace-nowrap'
  return <span className={`font-mono text-[12.5px] text-soft ${breaking} ${className}`}>{id}</span>
}

export function Expiry({ token }: { token: Token }) {
  const text = relativeTime(token.expiresAt, token.asOf)
  return (
    <>
      {token.expiring ? <Tag look="warn">{text}</Tag> : text}
      <span className={below}>
        <Time at={token.expiresAt} />
      </span>
    </>
  )
}

/** How a token ended: who revoked it, when and why; or when it expired. */
export function TokenEnd({ token, side }: { token: Token; side: Side }) {
  if (!token.revokedAt) {
    return (
      <>
        Expired {relativeTime(token.expiresAt, token.asOf)}
        <span className={below}>
          <Time at={token.expiresAt} show="date-and-time" />
        </span>
      </>
    )
  }
  return (
    <>
      <span className="wrap-anywhere">
        {token.revokedBy === null ? (
          byNobody(token)
        ) : (
          <Person
            name={token.revokedBy}
            email={token.revokedByEmail}
            from={token.revokedFrom !== side ? `${token.revokedFrom} side` : null}
            role={token.revokedFrom !== side ? token.revokedByRole : null}
          />
        )}
      </span>
      <span className={below}>
        <Time at={token.revokedAt} show="date-and-time" />
        {token.revokedBy !== null && <> · {reasonName(token.reason)}</>}
      </span>
      {token.note && <span className={`${below} wrap-anywhere`}>“{token.note}”</span>}
    </>
  )
}

/** Only a partner's program revokes without a person: by presenting the token. */
export const byProgram = 'a program of the partner'

const byNobody = ({ revokedFrom }: Pick<Token, 'revokedFrom'>) =>
  revokedFrom === 'operator' ? 'the platform' : byProgram

/** Who revoked a token, within a sentence. */
export function Revoker({
  token,
}: {
  token: Pick<Token, 'revokedBy' | 'revokedByEmail' | 'revokedByRole' | 'revokedFrom'>
}) {
  if (token.revokedBy === null || token.revokedFrom === 'operator') return byNobody(token)
  return (
    <Person
      name={token.revokedBy}
      email={token.revokedByEmail}
      from={token.revokedFrom && sideNames[token.revokedFrom]}
      role={token.revokedByRole}
    />
  )
}

/** `refused 14 times since, last 2 hours ago from 203.0.113.7`: calls with a token that was revoked before. */
export function RefusedSince({ token: { attempts, asOf } }: { token: Pick<Token, 'attempts' | 'asOf'> }) {
  if (!attempts) return null
  return (
    <>
      refused {attempts.count === 1 ? 'once' : counted(attempts.count, 'time')} since, last{' '}
      <Time at={attempts.lastAt}>{relativeTime(attempts.lastAt, asOf)}</Time>
      {attempts.lastAddress && (
        <>
          {' '}
          from <Address address={attempts.lastAddress} />
        </>
      )}
    </>
  )
}

/** Where a call came from. A long one may break. */
export function Address({ address }: { address: string }) {
  return <span className="font-mono text-[0.92em] wrap-anywhere">{address}</span>
}
