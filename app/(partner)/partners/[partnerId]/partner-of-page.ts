import { notFound } from 'next/navigation'
import { cache } from 'react'
import { requireUser } from '#app/_auth/require-user.ts'
import { requireSecondFactor } from '#app/second-factor-needed.ts'
import { actorFor } from '#lib/access/actors.ts'
import { findPartner } from '#lib/partners/find-partner.ts'
import { getDatabase } from '#lib/process/database.ts'

/** The partner that the address names and the actor at work for it; a page "not found" for everybody else. */
export const partnerOfPage = cache(async (partnerId: string) => {
  const db = getDatabase()
  const user = await requireUser()
  const actor = await actorFor(user, { side: 'partner', partnerId }, { db })
  if (!actor) notFound()
  await requireSecondFactor(user, actor, 'page')
  return { actor, partner: await findPartner(actor, { db }) }
})
