import type { Route } from 'next'
import { Link } from '#components/ui/link.tsx'
import type { Side } from '#lib/access/actor.ts'
import { dayMs } from '#lib/time/units.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import { Person } from '../../people/person.tsx'
import { counted } from '../../ui/numbers.ts'
import { Tag } from '../../ui/tag.tsx'
import { Time } from '../../ui/time.tsx'
import { otherParty, reasonOf, sideNames, statusNames } from '../words.ts'

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

/** A name that may be cut on a wide screen. Shorter ones never are. */
const longName = 18

/** In a link, which shows it whole where it has the focus or the pointer. */
export function PartyName({ name }: { name: string }) {
  return (
    <bdi className={name.length > longName ? 'long' : undefined}>
      <span>{name}</span>
    </bdi>
  )
}

/** The token, as a link to its page: by the other party's name, its last characters and the party's ID; or by the characters. */
export function NameCell({
  token,
  side,
  list,
  names,
  note,
}: {
  token: Token
  side: Side
  list: Route
  names: 'both' | 'the-token'
  note: string | undefined
}) {
  const { name, id } = otherParty(side, token)
  return (
    <th scope="row">
      <Link href={`${list}/${token.id}` as Route} className="name">
        {names === 'both' && (
          <>
            <PartyName name={name} />{' '}
          </>
        )}
        <TokenTail token={token} /> {names === 'both' && <code>{id}</code>}
      </Link>
      {note !== undefined && <small>{note}</small>}
    </th>
  )
}

/** When a live token expires: how soon, and the day; under two days the time as well. */
export function ExpiryCell({ token: { expiresAt, expiring, asOf } }: { token: Token }) {
  const isNear = expiresAt.getTime() - asOf.getTime() < 2 * dayMs
  return (
    <td className="ends" data-label="Expires">
      <span className={expiring ? 'soon' : undefined}>
        <Time at={expiresAt} ago={asOf} />
      </span>{' '}
      <small>
        <Time at={expiresAt} show={isNear ? 'date-and-time' : 'date'} />
      </small>
    </td>
  )
}

/** How a token ended: who revoked it, when and why; or when it expired. */
export function TokenEnd({ token, side }: { token: Token; side: Side }) {
  if (!token.revokedAt) {
    return (
      <>
        Expired <Time at={token.expiresAt} ago={token.asOf} />
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
        {reasonOf(token) !== null && <> · {reasonOf(token)}</>}
      </span>
      {token.note && <span className={`${below} wrap-anywhere`}>“{token.note}”</span>}
    </>
  )
}

/** A partner's program revokes without a person by presenting the token. */
export const byProgram = 'a program of the partner'
/** As somebody of the public reported that it had leaked. */
export const byReport = 'a report of a leak'

/** Who revoked a token where no person is on record: of the store's side nobody but one whom a restored backup does not have. */
export function byNobody({ revokedFrom }: Pick<Token, 'revokedFrom'>): string {
  switch (revokedFrom) {
    case 'operator':
      return 'the platform'
    case 'public':
      return byReport
    case 'merchant':
      return 'the store'
    case 'partner':
    case null:
      return byProgram
  }
}

/** Who revoked a token, within a sentence. */
export function Revoker({
  token,
}: {
  token: Pick<Token, 'revokedBy' | 'revokedByEmail' | 'revokedByRole' | 'revokedFrom'>
}) {
  if (token.revokedBy === null || token.revokedFrom === 'operator' || token.revokedFrom === 'public')
    return byNobody(token)
  return (
    <Person
      name={token.revokedBy}
      email={token.revokedByEmail}
      from={token.revokedFrom && sideNames[token.revokedFrom]}
      role={token.revokedByRole}
    />
  )
}

/** `refused 14 times, last 2 hours ago from 203.0.113.7`: calls with a token that was revoked before. */
export function RefusedSince({ token: { attempts, asOf } }: { token: Pick<Token, 'attempts' | 'asOf'> }) {
  if (!attempts) return null
  return (
    <>
      refused {attempts.count === 1 ? 'once' : counted(attempts.count, 'time')}, last{' '}
      <Time at={attempts.lastAt} ago={asOf} />
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
