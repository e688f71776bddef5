import { cache } from 'react'
import { membershipsOf } from '#lib/access/memberships.ts'
import { operatorOf } from '#lib/access/operators.ts'
import { getDatabase } from '#lib/process/database.ts'
import { requireUser } from './_auth/require-user.ts'

/** What the person who asks works for. Asked of the database once in rendering a page. */
export const ownMemberships = cache(async () => membershipsOf(await requireUser(), { db: getDatabase() }))

/** Whether the person who asks decides on applications for partner access. */
export const ownOperator = cache(async () => operatorOf(await requireUser(), { db: getDatabase() }))
