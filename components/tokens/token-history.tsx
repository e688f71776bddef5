import type { Route } from 'next'
import Link from 'next/link'
import type { TokenEvent } from '#lib/audit/history.ts'
import type { Side } from '#lib/auth/actor.ts'
import { doerOf, isByItself } from '#lib/events/doer.ts'
import { Card } from '../ui/card.tsx'
import { relativeTime } from '../ui/relative-time.ts'
import { Time } from '../ui/time.tsx'
import { byProgram } from './token-cells.tsx'
import { reasonNames, sideNames } from './words.ts'

type Props = {
  side: Side
  history: TokenEvent[]
  /** The list that the token belongs to. */
  list: Route
  asOf: Date
  className?: string
}

/** All that was done about a token: what, who, when, why. */
export function TokenHistory({ side, history, list, asOf, className = '' }: Props) {
  return (
    <Card className={`p-4 ${className}`} aria-labelledby="history-title">
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
              {!event.userName && event.action === 'token.revoked' && ` by ${byProgram}`}
              {event.userName && event.side && (
                <span className="text-soft">
                  {' '}
                  ({event.side === side ? 'your side' : sideNames[event.side]})
                </span>
              )}
            </p>
            <p className="text-[13px] text-soft">
              <Time at={event.occurredAt} show="date-and-time" /> · {relativeTime(event.occurredAt, asOf)}
              {event.address && event.side === side && <> · from {event.address}</>}
            </p>
            {event.note && !isByProgram(event) && <p className="text-sm wrap-anywhere">“{event.note}”</p>}
          </li>
        ))}
      </ol>
    </Card>
  )
}

/** A program gives no reason and no words: what the record holds of them says only that it was a program. */
const isByProgram = ({ details }: TokenEvent) => doerOf(details) === 'program'

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
          {event.reason && event.reason in reasonNames && !isByProgram(event) && (
            <> ({reasonNames[event.reason as keyof typeof reasonNames].toLowerCase()})</>
          )}
          {isByItself(event.details) && ' as planned'}
        </>
      )
    case 'token.collected':
      return <strong className="font-medium">Collected</strong>
    case 'token.retirement-planned':
      return (
        <>
          <strong className="font-medium">Retirement planned</strong>
          {event.details?.when === 'adopted' && ' for when its renewed token is adopted'}
          {event.details?.when && event.details.when !== 'adopted' && (
            <>
              {' '}
              for <Time at={new Date(event.details.when)} />
            </>
          )}
        </>
      )
    case 'token.retirement-cancelled':
      return <strong className="font-medium">Retirement cancelled</strong>
    case 'access.added':
    case 'access.changed':
    case 'access.removed':
    case 'application.submitted':
    case 'application.approved':
    case 'application.declined':
    case 'application.invited-again':
    case 'member.invited':
    case 'member.invitation-withdrawn':
    case 'member.joined':
    case 'member.changed':
    case 'member.removed':
    case 'webhook.added':
    case 'webhook.changed':
    case 'webhook.removed':
    case 'password.changed':
    case 'password.reset':
    case 'session.started':
    case 'session.ended':
      return null
  }
}
