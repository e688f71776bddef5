import type { Route } from 'next'
import { Link } from '#components/ui/link.tsx'
import type { Side } from '#lib/access/actor.ts'
import type { InboxNotice } from '#lib/notifications/inbox.ts'
import { Person } from '../people/person.tsx'
import { doneByPlan } from '../plans/words.ts'
import { reasonName, sideSeenFrom } from '../tokens/words.ts'
import type { FormAction } from '../ui/form-state.ts'
import { counted, formatted } from '../ui/numbers.ts'
import { Time } from '../ui/time.tsx'
import { ByDay } from './by-day.tsx'
import type { OpenNoticeState } from './notice-actions.ts'
import { noticeLink } from './notice-link.ts'
import { OpenNotice } from './open-notice.tsx'

type Props = {
  side: Side
  notices: InboxNotice[]
  now: Date
  /** Where what a notice is about shows. */
  hrefOf: (notice: InboxNotice) => Route
  /** Marks an unread one as read and leads there. */
  open: FormAction<OpenNoticeState>
}

/** What happened, by day, the newest first; each line leads to its token. */
export function NoticeList({ side, notices, now, hrefOf, open }: Props) {
  return (
    <ByDay
      now={now}
      items={notices.map((notice) => ({
        id: notice.id,
        at: notice.occurredAt,
        row: <NoticeRow side={side} notice={notice} href={hrefOf(notice)} open={open} />,
      }))}
    />
  )
}

function NoticeRow({
  side,
  notice,
  href,
  open,
}: Pick<Props, 'side' | 'open'> & { notice: InboxNotice; href: Route }) {
  const text = (
    <>
      <bdi className="group-data-unread:font-semibold">{headOf(notice, side)}</bdi>: {whatHappened(notice)}
    </>
  )
  const rest = otherOf(notice, side)
  return (
    <div
      data-unread={notice.readAt ? undefined : ''}
      className="group grid grid-cols-[auto_minmax(0,1fr)_auto] gap-x-3 px-4 py-2.5"
    >
      <span className="flex h-7 w-2 items-center">
        {!notice.readAt && (
          // A border, which forced colours leave in place.
          <span className="size-2 rounded-full border-4 border-accent">
            <span className="sr-only">Unread</span>
          </span>
        )}
      </span>
      <div className="min-w-0">
        {notice.readAt ? (
          <Link href={href} className={noticeLink}>
            {text}
          </Link>
        ) : (
          <OpenNotice side={side} noticeId={notice.id} action={open}>
            {text}
          </OpenNotice>
        )}
        <p className="text-[13px] text-soft wrap-anywhere">
          {rest && (
            <>
              {side === 'merchant' ? 'for' : 'of'} <bdi>{rest}</bdi>
            </>
          )}
          <Author notice={notice} side={side} />
          <Why notice={notice} />
        </p>
      </div>
      <span className="pt-0.5 text-[13px] text-soft">
        <Time at={notice.occurredAt} show="time" />
      </span>
    </div>
  )
}

/** Whom it is about, which a reader looks for first: a merchant a partner, a partner a store. */
function headOf(notice: InboxNotice, side: Side): string {
  const { partner, store } = namesIn(notice)
  if (isOfOneParty(notice)) return notice.storeName || partner
  return side === 'merchant' ? partner : store
}

function otherOf(notice: InboxNotice, side: Side): string | null {
  const { partner, store } = namesIn(notice)
  if (isOfOneParty(notice)) return null
  return side === 'merchant' ? store : partner
}

const isOfOneParty = ({ kind }: InboxNotice) => kind.startsWith('webhook.') || kind.startsWith('credential.')

const isOfService = (kind: InboxNotice['kind']) =>
  kind === 'service.started' || kind === 'service.waiting' || kind === 'service.ended'

/** Where all tokens of one side were revoked at once, the other side may be several. */
function namesIn({ kind, partnerName, storeName, details }: InboxNotice) {
  if (isOfService(kind)) {
    return { partner: partnerName, store: storeName || counted(Number(details?.stores ?? 0), 'store') }
  }
  if (kind !== 'tokens.cut_off' && !isOfPlan(kind)) return { partner: partnerName, store: storeName }
  const others = Number(details?.others ?? 0)
  return {
    partner: partnerName || details?.otherName || counted(others, 'partner'),
    store: storeName || details?.otherName || counted(others, 'store'),
  }
}

function whatHappened({ kind, tokenCount: count, details }: InboxNotice): string {
  const one = count <= 1
  const tokens = (single: string, verb: string, verbOfMany: string) =>
    one ? `${single} ${verb}` : `${count} tokens ${verbOfMany}`
  switch (kind) {
    case 'partner.added':
      return 'added to the store'
    case 'partner.removed':
      return 'removed from the store'
    case 'token.issued':
      return tokens('a token', 'was issued', 'were issued')
    case 'token.renewed':
      return tokens('the token', 'was renewed', 'were renewed')
    case 'token.adopted':
      return tokens('the renewed token', 'is in use now', 'are in use now')
    case 'token.not_collected':
      return tokens('a new token', 'waits to be collected', 'wait to be collected')
    case 'token.not_adopted':
      return tokens('the renewed token', 'is not in use yet', 'are not in use yet')
    case 'token.expiring': {
      const within = details?.days === '1' ? 'within a day' : `within ${details?.days} days`
      return tokens('the token', `expires ${within}`, `expire ${within}`)
    }
    case 'token.expired':
      return tokens('the token', 'has expired', 'have expired')
    case 'token.revoked':
      return tokens('the token', 'was revoked', 'were revoked')
    case 'token.paused':
      return tokens('the token', 'was paused', 'were paused')
    case 'token.resumed':
      if (details?.accepted === 'yes')
        return tokens('the token', 'works again after a pause', 'work again after a pause')
      return details?.accepted === 'no'
        ? tokens(
            'the token',
            'was resumed, and is still paused by the other side',
            'were resumed, and are still paused by the other side',
          )
        : tokens('the token', 'was resumed', 'were resumed')
    case 'token.reported':
      return tokens(
        'the token',
        'was reported as leaked; the store has paused it',
        'were reported as leaked; the store has paused them',
      )
    case 'tokens.cut_off': {
      const cutOff = Number(details?.tokens ?? 0)
      return cutOff === 1
        ? 'the only token was revoked'
        : `all ${formatted(cutOff)} tokens were revoked at once`
    }
    case 'service.asked':
      return details?.reminder ? 'still asks for a new token' : 'was cut off, and asks for a new token'
    case 'service.issued':
      return tokens('a new token', 'was issued after a cut-off', 'were issued after a cut-off')
    case 'service.started':
      return `asked for new tokens; ${formatted(Number(details?.issued ?? 0))} are issued already`
    case 'service.waiting': {
      const waiting = Number(details?.waiting ?? 0)
      return waiting === 1
        ? 'one new token waits to be collected'
        : `${formatted(waiting)} new tokens wait to be collected`
    }
    case 'service.ended':
      return `the way back into service has ended; ${formatted(Number(details?.issued ?? 0))} of them have a new token`
    case 'plan.announced':
    case 'plan.cancelled':
    case 'plan.stopped':
    case 'plan.failing':
    case 'plan.done':
    case 'plan.over':
      return whatPlanDoes(kind, details)
    case 'webhook.failing':
      return 'a webhook fails: your program does not take it'
    case 'webhook.recovered':
      return 'a webhook works again'
    case 'credential.made':
      return `the service credential “${details?.name}” was made`
    case 'credential.revoked':
      return `the service credential “${details?.name}” was revoked`
    case 'credential.expiring':
      return `the service credential “${details?.name}” ends ${details?.days === '1' ? 'within a day' : `within ${details?.days} days`}`
    case 'token.refused_after_revocation':
      return 'a revoked token was tried, and refused'
  }
}

const isOfPlan = (kind: InboxNotice['kind']) => kind.startsWith('plan.')

/** `40 tokens are to be revoked, on a day that was chosen`. */
function whatPlanDoes(kind: `plan.${string}`, details: InboxNotice['details']): string {
  const count = Number(details?.tokens ?? 0)
  const done = doneByPlan(details)
  const tokens = counted(count, 'token')
  switch (kind) {
    case 'plan.announced':
      return `${tokens} ${count === 1 ? 'is' : 'are'} to be ${done}: a plan was announced`
    case 'plan.cancelled':
      return `${tokens} ${count === 1 ? 'is' : 'are'} not ${done} after all: a plan was cancelled`
    case 'plan.failing':
      return `a plan does not go on: not all of ${tokens} ${count === 1 ? 'is' : 'are'} ${done} yet`
    case 'plan.over': {
      const became =
        details?.endsAs === 'revoked'
          ? `${count === 1 ? 'was' : 'were'} revoked`
          : `${count === 1 ? 'works' : 'work'} again`
      return `${tokens} ${became} at the end of a pause`
    }
    case 'plan.stopped':
      return `a plan was stopped: ${tokens} ${count === 1 ? 'was' : 'were'} ${done} by then`
    default:
      return `${tokens} ${count === 1 ? 'was' : 'were'} ${done} together`
  }
}

function Author({ notice, side }: { notice: InboxNotice; side: Side }) {
  if (notice.actorKind === 'program') return ' · by a program of the partner’s'
  if (notice.actorKind === 'operator') return ' · by the platform'
  if (notice.actorKind === 'report')
    return notice.kind === 'token.reported' ? null : ' · after a report of a leak'
  if (notice.byUserName === null) return null
  return (
    <>
      {' '}
      ·{' '}
      {notice.actorKind === 'plan' &&
        (notice.kind === 'token.resumed' || isOfPlan(notice.kind)
          ? 'as planned '
          : 'it ended itself, as planned ')}
      by{' '}
      <Person
        name={notice.byUserName}
        email={notice.byUserEmail}
        from={notice.bySide && sideSeenFrom(side, notice.bySide)}
        role={notice.bySide === side ? null : notice.byRole}
      />
    </>
  )
}

/** Before a plan pauses its tokens, and as it does; afterwards nobody needs it. */
const saysHowLong = (kind: InboxNotice['kind'], details: InboxNotice['details']) =>
  details?.does === 'pause' && (kind === 'plan.announced' || kind === 'plan.done' || kind === 'plan.stopped')

function Why({ notice: { kind, actorKind, details } }: { notice: InboxNotice }) {
  if (kind === 'token.refused_after_revocation' && details?.address) return ` · from ${details.address}`
  if (kind === 'webhook.failing' && details?.problem) {
    return (
      <>
        {' '}
        · the last answer: “<bdi>{details.problem}</bdi>”
      </>
    )
  }
  if (kind === 'token.reported') return <Report details={details} />
  if (details?.successor === 'unused') return ' · what renewed it is not in use yet'
  if (
    (kind !== 'token.revoked' &&
      kind !== 'token.paused' &&
      kind !== 'tokens.cut_off' &&
      !(isOfPlan(kind) && (details?.does === 'revoke' || details?.does === 'pause'))) ||
    actorKind === 'program'
  )
    return null
  return (
    <>
      {(kind === 'token.paused' || saysHowLong(kind, details)) && details?.until && (
        <>
          {' '}
          · until <Time at={new Date(details.until)} show="date-and-time" />,{' '}
          {details.endsAs === 'revoked' ? 'then revoked' : 'then it works again'}
        </>
      )}{' '}
      · {reasonName(details?.reason)}
      {details?.note && <> · “{details.note}”</>}
      {actorKind === 'report' && <Report details={details} />}
    </>
  )
}

/** What a report of a leak says, which nobody has looked into. */
function Report({ details }: Pick<InboxNotice, 'details'>) {
  return (
    <>
      {details?.foundAt && (
        <>
          {' '}
          · found at <bdi>{details.foundAt}</bdi>
        </>
      )}
      {details?.words && (
        <>
          {' '}
          · a stranger wrote: “<bdi>{details.words}</bdi>”
        </>
      )}
    </>
  )
}
