import type { Route } from 'next'
import type { ReactNode } from 'react'
import { Link } from '#components/ui/link.tsx'
import type { Side } from '#lib/access/actor.ts'
import type { InboxNotice } from '#lib/notifications/inbox.ts'
import { Person } from '../people/person.tsx'
import { reasonName, sideSeenFrom } from '../tokens/words.ts'
import type { FormAction } from '../ui/form-state.ts'
import { Tag } from '../ui/tag.tsx'
import { Time } from '../ui/time.tsx'
import type { OpenNoticeState } from './notice-actions.ts'
import { OpenNotice } from './open-notice.tsx'

type Props = {
  side: Side
  notices: InboxNotice[]
  /** Where what a notice is about shows. */
  hrefOf: (notice: InboxNotice) => Route
  /** Marks an unread one as read and leads there. */
  open: FormAction<OpenNoticeState>
}

/** What happened, the newest first; each line leads to its token. */
export function NoticeList({ side, notices, hrefOf, open }: Props) {
  return (
    <ol className="divide-y divide-line">
      {notices.map((notice) => (
        <li key={notice.id} className="grid gap-1 px-4 py-3">
          <div className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
            {!notice.readAt && <Tag look="accent">Unread</Tag>}
            {notice.readAt ? (
              <Link
                href={hrefOf(notice)}
                className="min-w-0 py-0.5 text-accent underline underline-offset-4 wrap-anywhere"
              >
                <NoticeText notice={notice} />
              </Link>
            ) : (
              <OpenNotice side={side} noticeId={notice.id} action={open}>
                <NoticeText notice={notice} />
              </OpenNotice>
            )}
          </div>
          <p className="text-[13px] text-soft wrap-anywhere">
            <Time at={notice.occurredAt} show="date-and-time" />
            <Author notice={notice} side={side} />
            <Why notice={notice} />
          </p>
        </li>
      ))}
    </ol>
  )
}

function NoticeText({ notice }: { notice: InboxNotice }) {
  const { tokenCount: count, details } = notice
  const ofPair = (
    <>
      of <bdi>{notice.partnerName}</bdi> for <bdi>{notice.storeName}</bdi>
    </>
  )
  const tokens = count > 1 ? `${count} tokens` : 'The token'
  const one = count <= 1
  const sentence = (subject: string, verb: string): ReactNode => (
    <>
      {subject} {ofPair} {verb}
    </>
  )
  switch (notice.kind) {
    case 'partner.added':
      return (
        <>
          <bdi>{notice.partnerName}</bdi> was added to <bdi>{notice.storeName}</bdi>
        </>
      )
    case 'partner.removed':
      return (
        <>
          <bdi>{notice.partnerName}</bdi> was removed from <bdi>{notice.storeName}</bdi>
        </>
      )
    case 'token.issued':
      return sentence(one ? 'A token' : tokens, one ? 'was issued' : 'were issued')
    case 'token.renewed':
      return sentence(tokens, one ? 'was renewed' : 'were renewed')
    case 'token.adopted':
      return sentence(one ? 'The renewed token' : tokens, one ? 'is in use now' : 'are in use now')
    case 'token.not_collected':
      return sentence(one ? 'A new token' : tokens, one ? 'waits to be collected' : 'wait to be collected')
    case 'token.not_adopted':
      return sentence(one ? 'The renewed token' : tokens, one ? 'is not in use yet' : 'are not in use yet')
    case 'token.expiring':
      return sentence(
        tokens,
        `${one ? 'expires' : 'expire'} ${details?.days === '1' ? 'within a day' : `within ${details?.days} days`}`,
      )
    case 'token.expired':
      return sentence(tokens, one ? 'has expired' : 'have expired')
    case 'token.revoked':
      return sentence(tokens, one ? 'was revoked' : 'were revoked')
    case 'tokens.cut_off':
      return <CutOffText notice={notice} />
    case 'webhook.failing':
    case 'webhook.recovered':
      return (
        <>
          A webhook of <bdi>{notice.storeName || notice.partnerName}</bdi>{' '}
          {notice.kind === 'webhook.failing' ? 'fails: your program does not take it' : 'works again'}
        </>
      )
    case 'token.refused_after_revocation':
      return sentence('A revoked token', 'was used, and refused')
  }
}

/** All at once: of one pair, or of all that one of them had. */
function CutOffText({ notice: { storeName, partnerName, details } }: { notice: InboxNotice }) {
  const count = Number(details?.tokens ?? 0)
  const others = Number(details?.others ?? 0)
  const own = storeName || partnerName
  const of = partnerName || details?.otherName || `${others} ${others === 1 ? 'partner' : 'partners'}`
  const at = storeName || details?.otherName || `${others} ${others === 1 ? 'store' : 'stores'}`
  return (
    <>
      {count === 1 ? 'The only token' : `All ${count} tokens`} of{' '}
      <bdi>{own === partnerName ? partnerName : of}</bdi> for <bdi>{own === storeName ? storeName : at}</bdi>{' '}
      {count === 1 ? 'was' : 'were'} revoked at once
    </>
  )
}

function Author({ notice, side }: { notice: InboxNotice; side: Side }) {
  if (notice.actorKind === 'program') return ' · by a program of the partner’s'
  if (notice.actorKind === 'operator') return ' · by the platform'
  if (notice.byUserName === null) return null
  return (
    <>
      {' '}
      · {notice.actorKind === 'plan' && 'by itself, as planned '}by{' '}
      <Person
        name={notice.byUserName}
        email={notice.byUserEmail}
        from={notice.bySide && sideSeenFrom(side, notice.bySide)}
        role={notice.bySide === side ? null : notice.byRole}
      />
    </>
  )
}

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
  if (details?.successor === 'unused') return ' · what renewed it is not in use yet'
  if ((kind !== 'token.revoked' && kind !== 'tokens.cut_off') || actorKind === 'program') return null
  return (
    <>
      {' '}
      · {reasonName(details?.reason)}
      {details?.note && <> · “{details.note}”</>}
    </>
  )
}
