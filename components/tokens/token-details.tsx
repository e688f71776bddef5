import type { Route } from 'next'
import Link from 'next/link'
import type { ReactNode } from 'react'
import type { TokenEvent } from '#lib/audit/history.ts'
import type { Side } from '#lib/auth/actor.ts'
import type { Token } from '#lib/tokens/token.ts'
import { ButtonLink } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { relativeTime } from '../ui/relative-time.ts'
import { Tag } from '../ui/tag.tsx'
import { Time } from '../ui/time.tsx'
import { Expiry, LastUsed, PartyId, StatusTag, TokenEnd } from './token-cells.tsx'
import { apiList, otherParty, otherPartyTitle, reasonNames, sideNames } from './words.ts'

type Props = {
  side: Side
  token: Token
  history: TokenEvent[]
  /** The list that the token belongs to. */
  list: Route
  mayRevoke: boolean
}

/** One token: what it is good for, how it stands, and all that was done about it. */
export function TokenDetails({ side, token, history, list, mayRevoke }: Props) {
  const other = otherParty(side, token)
  const ended = token.status === 'revoked' || token.status === 'expired'
  return (
    <div className="grid items-start gap-5 lg:grid-cols-2">
      <Card className="p-4">
        <dl className="grid gap-3">
          <Fact title={otherPartyTitle[side]}>
            <bdi className="font-medium wrap-anywhere">{other.name}</bdi>
            <PartyId id={other.id} className="block" />
          </Fact>
          <Fact title="Mark">
            <span className="flex flex-wrap gap-1.5">
              <StatusTag token={token} /> {token.inUse && !ended && <Tag look="accent">In use</Tag>}
            </span>
          </Fact>
          <Fact title="APIs">{apiList(token.apis)}</Fact>
          <Fact title="Created">
            <Time at={token.createdAt} show="date-and-time" />
          </Fact>
          <Fact title="Last used">
            <LastUsed token={token} />
          </Fact>
          {ended ? (
            <Fact title={token.status === 'revoked' ? 'Revoked by' : 'Ended'}>
              <TokenEnd token={token} side={side} />
            </Fact>
          ) : (
            <Fact title="Expires">
              <Expiry token={token} />
            </Fact>
          )}
          {token.predecessorId && (
            <Fact title="Renewed from">
              <Link
                href={`${list}/${token.predecessorId}` as Route}
                className="text-accent underline underline-offset-4"
              >
                the token before this one
              </Link>
            </Fact>
          )}
        </dl>
        {mayRevoke && !ended && (
          <div className="mt-4 border-t border-line pt-4">
            <ButtonLink look="danger" href={`${list}?revoke=${token.id}` as Route}>
              Revoke…
            </ButtonLink>
          </div>
        )}
      </Card>
      <Card className="p-4" aria-labelledby="history-title">
        <h2 id="history-title" className="mb-3 text-base font-semibold">
          History
        </h2>
        <ol className="grid gap-4 border-l border-line pl-4">
          {history.map((event) => (
            <li key={event.id} className="grid gap-0.5">
              <p className="wrap-anywhere">
                <EventText event={event} list={list} />
                {event.userName && (
                  <>
                    {' '}
                    by <bdi>{event.userName}</bdi>
                  </>
                )}
                {event.side && (
                  <span className="text-soft">
                    {' '}
                    ({event.side === side ? 'your side' : sideNames[event.side]})
                  </span>
                )}
              </p>
              <p className="text-[13px] text-soft">
                <Time at={event.occurredAt} show="date-and-time" /> ·{' '}
                {relativeTime(event.occurredAt, token.asOf)}
                {event.address && event.side === side && <> · from {event.address}</>}
              </p>
              {event.note && <p className="text-sm wrap-anywhere">“{event.note}”</p>}
            </li>
          ))}
        </ol>
      </Card>
    </div>
  )
}

function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="grid gap-x-4 sm:grid-cols-[8rem_1fr]">
      <dt className="text-sm text-soft">{title}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  )
}

function EventText({ event, list }: { event: TokenEvent; list: Route }) {
  switch (event.action) {
    case 'token.issued':
      return <strong className="font-medium">Issued</strong>
    case 'token.renewed':
      return event.details?.successorId ? (
        <Link
          href={`${list}/${event.details.successorId}` as Route}
          className="font-medium text-accent underline underline-offset-4"
        >
          Renewed
        </Link>
      ) : (
        <strong className="font-medium">Renewed</strong>
      )
    case 'token.revoked':
      return (
        <>
          <strong className="font-medium text-danger">Revoked</strong>
          {event.reason && event.reason in reasonNames && (
            <> ({reasonNames[event.reason as keyof typeof reasonNames].toLowerCase()})</>
          )}
        </>
      )
    case 'session.started':
    case 'session.ended':
      return null
  }
}
