import { readPartner } from '#db/queries/partners/partners.ts'
import type { Actor } from '../access/actor.ts'
import type { Database } from '../process/database.ts'

export type Partner = { id: string; name: string }

/** The partner that the actor is at work for. */
export async function findPartner(
  { partnerId }: Extract<Actor, { side: 'partner' }>,
  { db }: { db: Database },
): Promise<Partner> {
  return readPartner(db, { partnerId })
}
