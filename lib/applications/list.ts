import { z } from 'zod'
import { listDecidedApplications, listOpenApplications } from '#db/queries/partner-applications.ts'
import type { Operator } from '../auth/operators.ts'
import type { Database } from '../database.ts'
import { momentSchema } from '../tokens/schemas.ts'

export type ListedApplication = Awaited<ReturnType<typeof listOpenApplications>>[number]
export type ApplicationPage = { applications: ListedApplication[]; next: string | null }

export const applicationsPerPage = 20

const idSchema = z.uuid().toLowerCase()

/** Applications that wait, the oldest first. A cursor nobody wrote shows the first page. */
export async function openApplications(
  _operator: Operator,
  { after }: { after?: string | undefined },
  { db }: { db: Database },
): Promise<ApplicationPage> {
  const position = idSchema.safeParse(after)
  const rows = await listOpenApplications(db, { after: position.data, limit: applicationsPerPage + 1 })
  return pageOf(rows, (last) => last.id)
}

/** Applications that were decided, the last one first. */
export async function decidedApplications(
  _operator: Operator,
  { after }: { after?: string | undefined },
  { db }: { db: Database },
): Promise<ApplicationPage> {
  const [at, id] = after?.split('_') ?? []
  const position = z.object({ at: momentSchema, id: idSchema }).safeParse({ at, id })
  const rows = await listDecidedApplications(db, { after: position.data, limit: applicationsPerPage + 1 })
  return pageOf(rows, (last) => `${last.decidedAt?.toISOString()}_${last.id}`)
}

function pageOf(rows: ListedApplication[], cursorOf: (last: ListedApplication) => string): ApplicationPage {
  const applications = rows.slice(0, applicationsPerPage)
  const last = applications.at(-1)
  return { applications, next: last && rows.length > applicationsPerPage ? cursorOf(last) : null }
}
