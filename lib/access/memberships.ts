import { listPartnersOf, listStoresOf } from '#db/queries/people/members.ts'
import type { Assurance } from '../auth/sessions/signed-in.ts'
import type { Database } from '../process/database.ts'

const maxListed = 500

/**
 * What the person works for, by name: 500 stores and 500 partners at most. `closed`: it demands a second factor and the
 * session has shown none; nothing of it is shown but what it is called.
 */
export async function membershipsOf(
  { userId, secondFactor }: { userId: string } & Pick<Assurance, 'secondFactor'>,
  { db }: { db: Database },
) {
  const [stores, partners] = await Promise.all([
    listStoresOf(db, { userId }, maxListed),
    listPartnersOf(db, { userId }, maxListed),
  ])
  const accessTo = ({ secondFactorDemandedAt }: { secondFactorDemandedAt: Date | null }) =>
    secondFactor === null && secondFactorDemandedAt ? ('closed' as const) : ('open' as const)
  return {
    stores: stores.map(({ secondFactorDemandedAt, ...store }) => ({
      ...store,
      access: accessTo({ secondFactorDemandedAt }),
    })),
    partners: partners.map(({ secondFactorDemandedAt, ...partner }) => ({
      ...partner,
      access: accessTo({ secondFactorDemandedAt }),
    })),
  }
}
