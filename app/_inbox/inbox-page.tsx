import type { Route } from 'next'
import { AccountNotices } from '#components/notices/account-notice-list.tsx'
import { MarkRead } from '#components/notices/mark-read.tsx'
import { NoticeList } from '#components/notices/notice-list.tsx'
import { ButtonLink } from '#components/ui/button-link.tsx'
import { Card } from '#components/ui/card.tsx'
import { CsvLink } from '#components/ui/csv-link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import type { Side } from '#lib/access/actor.ts'
import { firstOfEach } from '#lib/http/paging.ts'
import { readAccountNotices } from '#lib/notifications/account-notices.ts'
import { countUnread, readInbox } from '#lib/notifications/inbox.ts'
import { getDatabase } from '#lib/process/database.ts'
import { markNoticesRead, openNotice } from '../_actions/notifications.ts'
import { requireUser } from '../_auth/require-user.ts'
import { ClosedParties } from '../closed-parties.tsx'
import { ownMemberships } from '../own-memberships.ts'
import { inboxCsvPath, inboxPaths, noticePath } from '../paths.ts'

type Props = { side: Side; searchParams: Record<string, string | string[] | undefined> }

/** The inbox of one of the person's sides: all their stores, or all their partners. */
export async function InboxPage({ side, searchParams }: Props) {
  const user = await requireUser()
  const { after } = firstOfEach(searchParams)
  const reader = { ...user, side }
  const db = getDatabase()
  const now = new Date()
  const [{ notices, isFirst, older }, unread, account] = await Promise.all([
    readInbox(reader, { after }, { db }),
    countUnread(reader, { db }),
    readAccountNotices(user, { db, now }),
  ])
  const ofAccount = isFirst ? account : []
  // Ids of both are in the order of time.
  const newest = [notices[0], ofAccount[0]]
    .flatMap((one) => one?.id ?? [])
    .toSorted()
    .at(-1)
  return (
    <>
      <PageHeader title="Inbox" />
      {ofAccount.length > 0 && <AccountNotices notices={ofAccount} />}
      <ClosedParties side={side} />
      {newest && isFirst && (
        <MarkRead action={markNoticesRead} side={side} upTo={newest} hasUnread={unread > 0} />
      )}
      <Card aria-label="Notices">
        {notices.length > 0 ? (
          <NoticeList
            side={side}
            notices={notices}
            now={now}
            hrefOf={(notice) => noticePath(side, notice)}
            open={openNotice}
          />
        ) : (
          <p className="px-4 py-12 text-center text-soft">
            {isFirst ? await emptyText(side) : 'There is nothing older.'}
          </p>
        )}
      </Card>
      {notices.length > 0 && (
        <p className="mt-2 px-1">
          <CsvLink href={inboxCsvPath(side)} />
        </p>
      )}
      {(older || !isFirst) && (
        <nav aria-label="Pages" className="mt-4 flex flex-wrap justify-between gap-2">
          {isFirst ? <span /> : <ButtonLink href={inboxPaths[side]}>Newest</ButtonLink>}
          {older && <ButtonLink href={`${inboxPaths[side]}?after=${older}` as Route}>Older</ButtonLink>}
        </nav>
      )}
    </>
  )
}

/** Of what a store or partner keeps closed nothing is said. */
async function emptyText(side: Side) {
  const parties = (await ownMemberships())[side === 'merchant' ? 'stores' : 'partners']
  return parties.some(({ access }) => access === 'closed')
    ? 'Nothing else has happened yet.'
    : 'Nothing has happened yet. When others issue, renew, pause or revoke a token, it shows here. In your account you choose what is mailed.'
}
