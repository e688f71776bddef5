import type { Side } from '#lib/access/actor.ts'
import { allNotices } from '#lib/notifications/inbox.ts'
import { inboxPaths } from '../paths.ts'
import { answerCsv } from './answer-csv.ts'
import { noticeColumns } from './columns.ts'
import { csvList } from './csv-list.ts'

/** The notices of the person who asks, on one of their sides. */
export function answerInboxCsv(request: Request, side: Side): Promise<Response> {
  return answerCsv(request, inboxPaths[side], async (reader) =>
    csvList('inbox', noticeColumns, allNotices({ ...reader, side })),
  )
}
