import type { Route } from 'next'
import { Link } from '#components/ui/link.tsx'
import type { Side } from '#lib/access/actor.ts'
import type { AuditEntry } from '#lib/audit/history.ts'
import type { KeptPauseProof } from '#lib/pauses/keep-proof.ts'
import type { KeptProof } from '#lib/proofs/keep.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import { Time } from '../../ui/time.tsx'
import { byProgram, byReport } from '../list/token-cells.tsx'
import { CouldAccept } from '../revocation/could-accept.tsx'
import { couldAcceptText, keptProofText, unlimitedText } from '../revocation/proof-text.ts'
import { reasonName, sideNames } from '../words.ts'
import { HistoryCard, isByProgram } from './history-card.tsx'
import { Receipt } from './receipt.tsx'
import { type ReceiptFile, ReceiptFiles } from './receipt-files.tsx'

type Props = {
  side: Side
  token: Token
  history: AuditEntry[]
  csvHref: string
  /** What was proven of its revocation; null where nothing was. */
  proof: KeptProof | null
  /** What was proven of its pauses, each with whose it is and when it was begun. */
  pauseProofs: KeptPauseProof[]
  receipts: ReceiptFile[]
  /** The list that the token belongs to. */
  list: Route
  className?: string
}

/** All that was done about a token. */
export function TokenHistory({ list, token, proof, pauseProofs, receipts, ...rest }: Props) {
  return (
    <HistoryCard
      {...rest}
      textOf={(entry) => <EventText event={entry} list={list} />}
      below={(entry) => (
        <>
          <FoundAt entry={entry} />
          <Proven token={token} entry={entry} proof={proofOf(entry, { proof, pauseProofs })} />
          {entry.action === 'token.revoked' && <ReceiptFiles files={receipts} />}
        </>
      )}
    />
  )
}

function proofOf(
  { action, side, occurredAt }: AuditEntry,
  { proof, pauseProofs }: Pick<Props, 'proof' | 'pauseProofs'>,
): KeptProof | null {
  if (action === 'token.revoked') return proof
  if (action !== 'token.paused') return null
  return (
    pauseProofs.find((kept) => kept.side === side && kept.begunAt.getTime() === occurredAt.getTime()) ?? null
  )
}

/** What a report of a leak says. Nobody has looked into it, and its address is not one to follow: it is no link. */
function FoundAt({ entry: { actorKind, details } }: { entry: AuditEntry }) {
  if (!details?.foundAt && !details?.words) return null
  return (
    <dl className="grid gap-x-3 text-sm sm:grid-cols-[auto_minmax(0,1fr)]">
      {details.foundAt && (
        <>
          <dt className="text-soft">Found at</dt>
          <dd className="font-mono text-[13px] wrap-anywhere">
            <bdi>{details.foundAt}</bdi>
          </dd>
        </>
      )}
      {actorKind === 'report' && details.words && (
        <>
          <dt className="text-soft">A stranger wrote</dt>
          <dd className="wrap-anywhere">
            “<bdi>{details.words}</bdi>”
          </dd>
        </>
      )}
    </dl>
  )
}

function Proven({ token, entry, proof }: { token: Token; entry: AuditEntry; proof: KeptProof | null }) {
  if (!proof) return null
  return (
    <>
      <p className={`text-sm font-medium ${proof.refused === proof.gateways ? 'text-ok' : 'text-warn'}`}>
        {keptProofText(proof)}
      </p>
      <CouldAccept mayAccept={proof.mayAccept} unlimited={proof.unlimited} what="it" />
      <Receipt id={`receipt-${entry.id}`} text={receiptOf(token, entry, proof)} />
    </>
  )
}

/** In UTC, which reads the same for everybody who is shown it. */
function receiptOf(
  token: Token,
  { action, occurredAt, reason, details, ...by }: AuditEntry,
  proof: KeptProof,
): string {
  const moment = (at: Date) => `${at.toISOString().slice(0, 10)} ${at.toISOString().slice(11, 23)} UTC`
  const couldAccept = couldAcceptText(proof.mayAccept, moment)
  return [
    `Token …${token.lastCharacters} (${token.id})`,
    `Partner: ${token.partnerName} (${token.partnerId})`,
    `Store: ${token.storeName} (${token.storeId})`,
    `${action === 'token.paused' ? 'Paused' : 'Revoked'}: ${moment(occurredAt)} ${authorOf(by)}`,
    ...(details?.until
      ? [
          `Until: ${moment(new Date(details.until))}, then ${details.endsAs === 'revoked' ? 'revoked' : 'it works again'}`,
        ]
      : []),
    ...(by.userName || reason ? [`Reason: ${reasonName(reason).toLowerCase()}`] : []),
    `Proof of ${moment(proof.provedAt)}: ${keptProofText(proof)}`,
    ...(couldAccept ? [couldAccept] : []),
    ...(proof.unlimited?.length ? [unlimitedText(proof.unlimited, 'it')] : []),
  ].join('\n')
}

const authorOf = ({ userName, actorKind, ...by }: Pick<AuditEntry, 'userName' | 'actorKind'> & Author) => {
  if (actorKind === 'report') return `after ${byReport}`
  return `by ${userName ? personText({ ...by, userName }) : byProgram}`
}

type Author = Pick<AuditEntry, 'userEmail' | 'side' | 'userRole'>

/** As pages say it: who is of the reader's own side by the address, others by side and role. */
function personText({ userName, userEmail, side, userRole }: Author & { userName: string }): string {
  const others = [side && sideNames[side], userRole].filter(Boolean).join(', ')
  const words = userEmail ?? others
  return words ? `${userName} (${words})` : userName
}

/** The plan that did it. */
function TogetherWithOthers({ event: { details }, list }: { event: AuditEntry; list: Route }) {
  if (!details?.planId) return null
  return (
    <>
      ,{' '}
      <Link href={`${list}/plans/${details.planId}` as Route} className="underline underline-offset-4">
        together with others
      </Link>
    </>
  )
}

function EventText({ event, list }: { event: AuditEntry; list: Route }) {
  switch (event.action) {
    case 'token.issued':
      return (
        <>
          <strong className="font-medium">Issued</strong>
          {event.details?.campaignId && ', to bring the partner back into service'}
        </>
      )
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
          {event.actorKind === 'plan' &&
            (event.details?.after === 'pause' ? ' at the end of a pause' : ' as planned')}
          {event.details?.cutOffId && ', with all others, at once'}
          <TogetherWithOthers event={event} list={list} />
        </>
      )
    case 'token.paused':
      return (
        <>
          <strong className="font-medium">Paused</strong> ({reasonName(event.reason).toLowerCase()})
          {event.details?.until && (
            <>
              , until <Time at={new Date(event.details.until)} show="date-and-time" />
              {event.details.endsAs === 'revoked' && ', then revoked'}
            </>
          )}
          <TogetherWithOthers event={event} list={list} />
        </>
      )
    case 'token.resumed':
      return (
        <>
          <strong className="font-medium">Resumed</strong>
          {event.actorKind === 'plan' && ' as planned: the pause was over'}
          <TogetherWithOthers event={event} list={list} />
        </>
      )
    case 'token.reported':
      return <strong className="font-medium">Reported as leaked</strong>
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
    case 'leak.reported':
    case 'leak.answer-changed':
    case 'tokens.cut-off':
    case 'service.started':
    case 'service.ended':
    case 'service.declined':
    case 'service.consent-changed':
    case 'plan.confirmed':
    case 'plan.cancelled':
    case 'plan.stopped':
    case 'plan.done':
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
    case 'credential.made':
    case 'credential.revoked':
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
    case 'list.downloaded':
    case 'sign-in.refused':
    case 'action.refused':
      return null
  }
}
