import type { Route } from 'next'
import type { Side } from '#lib/access/actor.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import { Person } from '../../people/person.tsx'
import { counted } from '../../ui/numbers.ts'
import { Tag } from '../../ui/tag.tsx'
import { Time } from '../../ui/time.tsx'
import { StateMark } from '../state-mark.tsx'
import { otherPartyTitle, reasonOf } from '../words.ts'
import { Heading, type Sorting } from './heading.tsx'
import { Address, byNobody, NameCell } from './token-cells.tsx'

type Props = {
  side: Side
  tokens: Token[]
  /** By the token's id, what is said below its name; null: of none. */
  notes: ReadonlyMap<string, string> | null
  list: Route
  caption: string
  sorting: Sorting
}

/** Tokens that have ended: who ended each, when and why, and whether somebody still tries it. */
export function EndedTable({ side, tokens, notes, list, caption, sorting }: Props) {
  return (
    <table className="tokens for-looking">
      <caption className="sr-only">{caption}</caption>
      <colgroup>
        <col className="w-[19%]" />
        <col className="w-[23%]" />
        <col className="w-[11%]" />
        <col className="w-[16%]" />
        <col />
        <col className="w-[11%]" />
      </colgroup>
      <thead>
        <tr>
          <Heading title={otherPartyTitle[side]} sorting={sorting} />
          <Heading title="State" sorting={sorting} />
          <Heading title="Ended" sort="ended" sorting={sorting} />
          <Heading title="Ended by" sorting={sorting} />
          <Heading title="Why" sorting={sorting} />
          <Heading title="Last used" sorting={sorting} />
        </tr>
      </thead>
      <tbody>
        {tokens.map((token) => (
          <tr key={token.id}>
            <NameCell token={token} side={side} list={list} names="both" note={notes?.get(token.id)} />
            <EndedState token={token} />
            <td data-label="Ended">
              <When at={token.revokedAt ?? token.expiresAt} asOf={token.asOf} />
            </td>
            <td data-label="By">
              {token.revokedAt ? <By token={token} side={side} /> : <span className="text-soft">–</span>}
            </td>
            <td data-label="Why">
              {token.revokedAt === null ? 'Its time was over' : reasonOf(token)}
              {token.note && (
                <>
                  {' '}
                  <small className="note">“{token.note}”</small>
                </>
              )}
            </td>
            <td data-label="Last used">
              {token.lastUsedAt ? (
                <When at={token.lastUsedAt} asOf={token.asOf} />
              ) : (
                <span className="text-soft">never</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function EndedState({ token }: { token: Token }) {
  const { attempts, asOf } = token
  return (
    <td className="state">
      <StateMark token={token}>
        {' '}
        {attempts && (
          <Tag look="warn">still tried {attempts.count === 1 ? 'once' : counted(attempts.count, 'time')}</Tag>
        )}
      </StateMark>
      {attempts && (
        <small>
          last <Time at={attempts.lastAt} ago={asOf} />
          {attempts.lastAddress && (
            <>
              {' '}
              from <Address address={attempts.lastAddress} />
            </>
          )}
        </small>
      )}
    </td>
  )
}

function When({ at, asOf }: { at: Date; asOf: Date }) {
  return (
    <>
      <Time at={at} ago={asOf} />{' '}
      <small>
        <Time at={at} />
      </small>
    </>
  )
}

function By({ token, side }: { token: Token; side: Side }) {
  if (token.revokedBy === null || token.revokedFrom === 'operator') return byNobody(token)
  const isOther = token.revokedFrom !== side
  return (
    <span className="wrap-anywhere">
      <Person
        name={token.revokedBy}
        email={token.revokedByEmail}
        from={isOther ? `${token.revokedFrom} side` : null}
        role={isOther ? token.revokedByRole : null}
      />
    </span>
  )
}
