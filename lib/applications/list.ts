import { z } from 'zod'
import { currentTime } from '#db/queries/current-time.ts'
import { listDecidedApplications, listOpenApplications } from '#db/queries/partners/partner-applications.ts'
import type { Operator } from '../access/operators.ts'
import type { Database } from '../process/database.ts'
import { rowIdSchema } from '../text/row-id.ts'
import { momentSchema } from '../tokens/model/schemas.ts'

export type ListedApplication = Awaited<ReturnType<typeof listOpenApplications>>[number]
export type ApplicationPage<Listed = ListedApplication> = { applications: Listed[]; next: string | null }
export type DecidedApplication = Omit<
  Awaited<ReturnType<typeof listDecidedApplications>>[number],
  'hasMembers' | 'invitedUntil' | 'invitationProblem'
> & {
  /** Of an approved applicant while nobody works for the partner; `expiresAt` null: none waits. `problem`: why its mail was given up. */
  invitation: { expiresAt: Date | null; isExpired: boolean; problem: string | null } | null
}

export const applicationsPerPage = 20

/** Applications that wait, the oldest first. A cursor nobody wrote shows the first page. */
export async function openApplications(
  _operator: Operator,
  { after }: { after?: string | undefined },
  { db }: { db: Database },
): Promise<ApplicationPage> {
  const position = rowIdSchema.safeParse(after)
  const rows = await listOpenApplications(db, { after: position.data, limit: applicationsPerPage + 1 })
  return pageOf(rows, (last) => last.id)
}

/** Applications that were decided, the last one first. */
export async function decidedApplications(
  _operator: Operator,
  { after }: { after?: string | undefined },
  { db }: { db: Database },
): Promise<ApplicationPage<DecidedApplication>> {
  const [at, id] = after?.split('_') ?? []
  const position = z.object({ at: momentSchema, id: rowIdSchema }).safeParse({ at, id })
  const [rows, asOf] = await Promise.all([
    listDecidedApplications(db, { after: position.data, limit: applicationsPerPage + 1 }),
    currentTime(db),
  ])
  const listed = rows.map(
    ({ hasMembers, invitedUntil: expiresAt, invitationProblem: problem, ...application }) => ({
      ...application,
      invitation:
        application.partnerId && !hasMembers
          ? { expiresAt, isExpired: expiresAt !== null && expiresAt <= asOf, problem }
          : null,
    }),
  )
  return pageOf(listed, (last) => `${last.decidedAt?.toISOString()}_${last.id}`)
}

function pageOf<Listed>(rows: Listed[], cursorOf: (last: Listed) => string): ApplicationPage<Listed> {
  const applications = rows.slice(0, applicationsPerPage)
  const last = applications.at(-1)
  return { applications, next: last && rows.length > applicationsPerPage ? cursorOf(last) : null }
}
