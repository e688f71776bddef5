import { and, eq } from 'drizzle-orm'
import type { Queryable } from '../client.ts'
import { partnerMembers, storeMembers } from '../schema/members.ts'
import { partners } from '../schema/partners.ts'
import { stores } from '../schema/stores.ts'

/** As what the person works for the store; nothing where he does not. */
export async function findStoreMembership(db: Queryable, scope: { userId: string; storeId: string }) {
  const [found] = await db
    .select({ role: storeMembers.role })
    .from(storeMembers)
    .where(and(eq(storeMembers.userId, scope.userId), eq(storeMembers.storeId, scope.storeId)))
  return found
}

/** As what the person works for the partner; nothing where he does not. */
export async function findPartnerMembership(db: Queryable, scope: { userId: string; partnerId: string }) {
  const [found] = await db
    .select({ role: partnerMembers.role })
    .from(partnerMembers)
    .where(and(eq(partnerMembers.userId, scope.userId), eq(partnerMembers.partnerId, scope.partnerId)))
  return found
}

/** The stores that the person works for, by name. */
export async function listStoresOf(db: Queryable, { userId }: { userId: string }, limit: number) {
  return db
    .select({ storeId: stores.id, name: stores.name, package: stores.package, role: storeMembers.role })
    .from(storeMembers)
    .innerJoin(stores, eq(stores.id, storeMembers.storeId))
    .where(eq(storeMembers.userId, userId))
    .orderBy(stores.name, stores.id)
    .limit(limit)
}

/** The partners that the person works for, by name. */
export async function listPartnersOf(db: Queryable, { userId }: { userId: string }, limit: number) {
  return db
    .select({ partnerId: partners.id, name: partners.name, role: partnerMembers.role })
    .from(partnerMembers)
    .innerJoin(partners, eq(partners.id, partnerMembers.partnerId))
    .where(eq(partnerMembers.userId, userId))
    .orderBy(partners.name, partners.id)
    .limit(limit)
}
