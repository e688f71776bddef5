import { notFound } from 'next/navigation'
import { cache } from 'react'
import { requireUser } from '#app/_auth/require-user.ts'
import { requireSecondFactor } from '#app/second-factor-needed.ts'
import { actorFor } from '#lib/access/actors.ts'
import { getDatabase } from '#lib/process/database.ts'
import { findStore } from '#lib/stores/find-store.ts'

/** The store that the address names and the actor at work for it; a page "not found" for everybody else. */
export const storeOfPage = cache(async (storeId: string) => {
  const db = getDatabase()
  const user = await requireUser()
  const actor = await actorFor(user, { side: 'merchant', storeId }, { db })
  if (!actor) notFound()
  await requireSecondFactor(user, actor, 'page')
  return { actor, store: await findStore(actor, { db }) }
})
