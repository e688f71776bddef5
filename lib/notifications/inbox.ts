import { markAccountNoticesRead } from '#db/queries/notifications/account-notices.ts'
import {
  countUnreadNotices,
  listNotices,
  markNoticeRead,
  markNoticesRead,
} from '#db/queries/notifications/notices.ts'
import type { Side } from '../access/actor.ts'
import type { Assurance } from '../auth/sessions/signed-in.ts'
import { type Batches, byKey } from '../downloads/batches.ts'
import { type ActorKind, withActorKind } from '../events/actor-kind.ts'
import { idKeys, readPage, readPlace, writeCursor } from '../http/paging.ts'
import type { Database } from '../process/database.ts'
import { shownDays } from './account-notices.ts'

type Tools = { db: Database }
/**
 * Everybody reads their own inbox, on each of their sides: what concerns the stores or partners that they work for, but
 * for those that demand a second factor which the session has not shown.
 */
type InboxReader = { userId: string; side: Side } & Pick<Assurance, 'secondFactor'>

export type InboxNotice = Awaited<ReturnType<typeof listNotices>>[number] & { actorKind: ActorKind }
/** What it is about. */
export type OpenedNotice = Pick<InboxNotice, 'storeId' | 'partnerId' | 'tokenId' | 'tokenCount' | 'details'>
/** `older`: the cursor of the next page. */
export type InboxPage = { notices: InboxNotice[]; isFirst: boolean; older: string | null }

const noticesAPage = 30
/** Beyond this it does not matter how many. */
export const maxUnreadShown = 99

/** The newest first. @param after a cursor: the notices older than its own. One that nobody wrote shows the first page. */
export async function readInbox(
  reader: InboxReader,
  { after }: { after?: string | undefined },
  { db }: Tools,
): Promise<InboxPage> {
  const place = readPlace({ after }, idKeys)
  const { rows, next } = await readPage({ size: noticesAPage }, (limit) =>
    listNotices(db, reader, { after: place?.keys, limit }),
  )
  return { notices: rows.map(withActorKind), isFirst: !place, older: next && writeCursor([next.id]) }
}

/** All notices that {@link readInbox} shows page by page. */
export function allNotices(reader: InboxReader): Batches<InboxNotice> {
  return byKey<InboxNotice, string>(
    async (snapshot, page) => (await listNotices(snapshot, reader, page)).map(withActorKind),
    ({ id }) => id,
  )
}

/** With what happened to the reader's own account; {@link maxUnreadShown} and one at most. */
export async function countUnread(reader: InboxReader, { db }: Tools): Promise<number> {
  return countUnreadNotices(db, reader, { limit: maxUnreadShown + 1, accountDays: shownDays })
}

/**
 * All up to one that the reader saw, also what happened to the account; what came after it stays unread.
 * @returns how many were unread.
 */
export async function markRead(
  reader: InboxReader,
  { upTo }: { upTo: string },
  { db }: Tools,
): Promise<number> {
  return db.transaction(async (tx) => {
    const ofAccount = await markAccountNoticesRead(tx, { userId: reader.userId, shownDays }, upTo)
    return ofAccount + (await markNoticesRead(tx, reader, upTo))
  })
}

/** One, and it alone, is read from now on; null where it is not the reader's, or was pruned. */
export async function openNotice(
  reader: InboxReader,
  { noticeId }: { noticeId: string },
  { db }: Tools,
): Promise<OpenedNotice | null> {
  return (await markNoticeRead(db, reader, noticeId)) ?? null
}
