import type { Queryable } from '#db/client.ts'
import { listPartnersOf, listStoresOf } from '#db/queries/people/members.ts'

const maxListed = 500

/** What others know of a person, and no password is to be made of: name, address, what they work for. */
export async function knownAbout(
  db: Queryable,
  { userId, name, email }: { userId: string; name: string; email: string },
): Promise<string[]> {
  const [stores, partners] = [
    await listStoresOf(db, { userId }, maxListed),
    await listPartnersOf(db, { userId }, maxListed),
  ]
  return [
    name,
    email,
    ...stores.flatMap((store) => [store.name, store.storeId]),
    ...partners.flatMap((partner) => [partner.name, partner.partnerId]),
  ]
}
