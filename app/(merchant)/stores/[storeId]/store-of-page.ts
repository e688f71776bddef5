import { notFound } from 'next/navigation'
import { cache } from 'react'
import { actorForStore } from '#lib/auth/actors.ts'
import { requireUser } from '#lib/auth/require-user.ts'
import { getDatabase } from '#lib/database.ts'
import { findStore } from '#lib/stores/find-store.ts'

/** The store that the address names and the actor at work for it; a page "not found" for everybody else. */
export const storeOfPage = cache(async (storeId: string) => {
  const db = getDatabase()
  const actor = await actorForStore(await requireUser(), storeId, { db })
  if (!actor) notFound()
  return { actor, store: await findStore(actor, { db }) }
})
