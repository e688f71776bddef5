import { notFound } from 'next/navigation'
import { cache } from 'react'
import { actorForPartner } from '#lib/auth/actors.ts'
import { requireUser } from '#lib/auth/require-user.ts'
import { getDatabase } from '#lib/database.ts'
import { findPartner } from '#lib/partners/find-partner.ts'
import { requireSecondFactor } from '../../../second-factor-needed.ts'

/** The partner that the address names and the actor at work for it; a page "not found" for everybody else. */
export const partnerOfPage = cache(async (partnerId: string) => {
  const db = getDatabase()
  const user = await requireUser()
  const actor = await actorForPartner(user, partnerId, { db })
  if (!actor) notFound()
  await requireSecondFactor(user, { partnerId: actor.partnerId })
  return { actor, partner: await findPartner(actor, { db }) }
})
