import { listPartnersOf, listStoresOf } from '#db/queries/members.ts'
import type { Database } from '../database.ts'

const maxListed = 500

/** What the person works for, by name: 500 stores and 500 partners at most. */
export async function membershipsOf({ userId }: { userId: string }, { db }: { db: Database }) {
  const [stores, partners] = await Promise.all([
    listStoresOf(db, { userId }, maxListed),
    listPartnersOf(db, { userId }, maxListed),
  ])
  return { stores, partners }
}
