import { notFound } from 'next/navigation'
import { cache } from 'react'
import type { Actor } from '#lib/access/actor.ts'
import { readPlan } from '#lib/plans/read.ts'
import { getDatabase } from '#lib/process/database.ts'
import { rowIdSchema } from '#lib/text/row-id.ts'

type Places = { afterRank: number; afterLeftOut: string | undefined }

/** The plan that the address names; a page "not found" for everybody whom it does not concern. */
export const planOfPage = cache(async (actor: Actor, id: string, places: Places) => {
  const planId = rowIdSchema.safeParse(id).data
  const found = planId && (await readPlan(actor, { planId, ...places }, { db: getDatabase() }))
  if (!found) notFound()
  return found
})
