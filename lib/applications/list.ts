import { z } from 'zod'
import { currentTime } from '#db/queries/current-time.ts'
import { listDecidedApplications, listOpenApplications } from '#db/queries/partners/partner-applications.ts'
import type { Operator } from '../access/operators.ts'
import { idKeys, readPage, readPlace, writeCursor } from '../http/paging.ts'
import type { Database } from '../process/database.ts'
import { rowIdSchema } from '../text/row-id.ts'
import { momentSchema } from '../tokens/model/schemas.ts'
import { applicationsPerPage } from './limits.ts'

export type ListedApplication = Awaited<ReturnType<typeof listOpenApplications>>[number]
/** `isFirst`: nothing stands before it. `next`: the cursor of the next page; null on the last one. */
export type ApplicationPage<Listed = ListedApplication> = {
  applications: Listed[]
  isFirst: boolean
  next: string | null
}
export type DecidedApplication = Omit<
  Awaited<ReturnType<typeof listDecidedApplications>>[number],
  'hasMembers' | 'invitedUntil' | 'invitationProblem'
> & {
  /** Of an approved applicant while nobody works for the partner; `expiresAt` null: none waits. `problem`: why its mail was given up. */
  invitation: { expiresAt: Date | null; isExpired: boolean; problem: string | null } | null
}

/** Applications that wait, the oldest first. A cursor nobody wrote shows the first page. */
export async function openApplications(
  _operator: Operator,
  { after }: { after?: string | undefined },
  { db }: { db: Database },
): Promise<ApplicationPage> {
  const place = readPlace({ after }, idKeys)
  const { rows, next } = await readPage({ size: applicationsPerPage }, (limit) =>
    listOpenApplications(db, { after: place?.keys, limit }),
  )
  return { applications: rows, isFirst: !place, next: next && writeCursor([next.id]) }
}

/** Applications that were decided, the last one first. */
export async function decidedApplications(
  _operator: Operator,
  { after }: { after?: string | undefined },
  { db }: { db: Database },
): Promise<ApplicationPage<DecidedApplication>> {
  const place = readPlace({ after }, decidedKeys)
  const [{ rows, next }, asOf] = await Promise.all([
    readPage({ size: applicationsPerPage }, (limit) =>
      listDecidedApplications(db, { after: place?.keys, limit }),
    ),
    currentTime(db),
  ])
  const applications = rows.map(
    ({ hasMembers, invitedUntil: expiresAt, invitationProblem: problem, ...application }) => ({
      ...application,
      invitation:
        application.partnerId && !hasMembers
          ? { expiresAt, isExpired: expiresAt !== null && expiresAt <= asOf, problem }
          : null,
    }),
  )
  return { applications, isFirst: !place, next: next && writeCursor([next.decidedAt ?? undefined, next.id]) }
}

const decidedKeys = z.tuple([momentSchema, rowIdSchema]).transform(([at, id]) => ({ at, id }))
