import type { Route } from 'next'
import { Link } from '#components/ui/link.tsx'
import type { Side } from '#lib/access/actor.ts'
import type { AuditEntry } from '#lib/audit/history.ts'
import { Time } from '../../ui/time.tsx'
import { reasonName } from '../words.ts'
import { HistoryCard, isByProgram } from './history-card.tsx'

type Props = {
  side: Side
  history: AuditEntry[]
  /** The list that the token belongs to. */
  list: Route
  className?: string
}

/** All that was done about a token. */
export function TokenHistory({ list, ...rest }: Props) {
  return <HistoryCard {...rest} textOf={(entry) => <EventText event={entry} list={list} />} />
}

function EventText({ event, list }: { event: AuditEntry; list: Route }) {
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
          {!isByProgram(event) && <> ({reasonName(event.reason).toLowerCase()})</>}
          {event.actorKind === 'plan' && ' as planned'}
          {event.details?.cutOffId && ', with all others, at once'}
        </>
      )
    case 'token.collected':
      return <strong className="font-medium">Collected</strong>
    case 'token.retirement-planned':
      return (
        <>
          <strong className="font-medium">Set to end itself</strong>
          {event.details?.when === 'adopted' && ' (when the token that replaces it is first used)'}
          {event.details?.when && event.details.when !== 'adopted' && (
            <>
              {' '}
              (on <Time at={new Date(event.details.when)} />)
            </>
          )}
        </>
      )
    case 'token.retirement-cancelled':
      return <strong className="font-medium">Kept: it no longer ends itself</strong>
    case 'tokens.cut-off':
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
    case 'passkey.added':
    case 'passkey.removed':
    case 'recovery-codes.made':
    case 'recovery-code.used':
    case 'second-factor.reset':
    case 'second-factor.demanded':
    case 'second-factor.demand-ended':
    case 'session.proved':
    case 'session.started':
    case 'session.ended':
    case 'identity.bound':
    case 'account.renamed':
    case 'account.formats-changed':
    case 'mails.chosen':
    case 'mails.unsubscribed':
    case 'password.reset-asked':
    case 'sign-in.refused':
    case 'action.refused':
      return null
  }
}
