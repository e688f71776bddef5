import { eq } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { partners } from '../../schema/partners.ts'

/** Throws where there is no such partner: nobody can be a member of it. */
export async function readPartner(db: Queryable, { partnerId }: { partnerId: string }) {
  const [partner] = await db
    .select({ id: partners.id, name: partners.name })
    .from(partners)
    .where(eq(partners.id, partnerId))
  if (!partner) throw new Error(`There is no partner ${partnerId}`)
  return partner
}

/** Nothing where there is no such partner. */
export async function findPartnerName(db: Queryable, { partnerId }: { partnerId: string }) {
  const [partner] = await db.select({ name: partners.name }).from(partners).where(eq(partners.id, partnerId))
  return partner?.name
}

/** @returns whether the ID was free. */
export async function insertPartner(tx: Queryable, partner: { id: string; name: string }): Promise<boolean> {
  const made = await tx.insert(partners).values(partner).onConflictDoNothing().returning({ id: partners.id })
  return made.length > 0
}
