import { eq, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { passkeys } from '../../schema/factors.ts'
import { partnerMembers, type roles, storeMembers } from '../../schema/members.ts'
import { partners } from '../../schema/partners.ts'
import { stores } from '../../schema/stores.ts'
import { users } from '../../schema/users.ts'
import type { Party } from '../party.ts'
import { inNameOrder } from '../tokens/name-search.ts'

type Role = (typeof roles)[number]

/** As what the person works for the store or partner; nothing where they do not. */
export async function findRole(
  db: Queryable,
  scope: Party,
  { userId }: { userId: string },
): Promise<Role | undefined> {
  const { members, ofParty } = tablesOf(scope)
  const { rows } = await db.execute<{ role: Role }>(
    sql`select role from ${members} where ${ofParty} and user_id = ${userId}`,
  )
  return rows[0]?.role
}

/** The stores that the person works for, by name. */
export async function listStoresOf(db: Queryable, { userId }: { userId: string }, limit: number) {
  return db
    .select({
      storeId: stores.id,
      name: stores.name,
      package: stores.package,
      role: storeMembers.role,
      secondFactorDemandedAt: stores.secondFactorDemandedAt,
    })
    .from(storeMembers)
    .innerJoin(stores, eq(stores.id, storeMembers.storeId))
    .where(eq(storeMembers.userId, userId))
    .orderBy(inNameOrder(stores.name), stores.id)
    .limit(limit)
}

/** The partners that the person works for, by name. */
export async function listPartnersOf(db: Queryable, { userId }: { userId: string }, limit: number) {
  return db
    .select({
      partnerId: partners.id,
      name: partners.name,
      role: partnerMembers.role,
      secondFactorDemandedAt: partners.secondFactorDemandedAt,
    })
    .from(partnerMembers)
    .innerJoin(partners, eq(partners.id, partnerMembers.partnerId))
    .where(eq(partnerMembers.userId, userId))
    .orderBy(inNameOrder(partners.name), partners.id)
    .limit(limit)
}

export type Member = {
  userId: string
  name: string
  email: string
  role: Role
  isDisabled: boolean
  hasPasskey: boolean
}

/** Makes everybody who changes the members of this store or partner wait until we commit; issuing tokens goes on. */
export async function lockParty(tx: Queryable, scope: Party): Promise<{ name: string } | undefined> {
  const { party, isParty } = tablesOf(scope)
  const { rows } = await tx.execute<{ name: string }>(
    sql`select name from ${party} where ${isParty} for no key update`,
  )
  return rows[0]
}

/** The members, owners first, then by name. */
export async function listMembersOf(db: Queryable, scope: Party, limit: number): Promise<Member[]> {
  const { members, ofParty } = tablesOf(scope)
  const { rows } = await db.execute<Member>(sql`
    select ${users.id} as "userId", ${users.name}, ${users.email}, ${members}.role,
           ${users.disabledAt} is not null as "isDisabled",
           exists (select 1 from ${passkeys} where ${passkeys.userId} = ${users.id}) as "hasPasskey"
    from ${members} join ${users} on ${users.id} = ${members}.user_id
    where ${ofParty}
    order by array_position(array['owner', 'administrator', 'viewer'], ${members}.role), ${inNameOrder(users.name)}, ${users.id}
    limit ${limit}`)
  return rows
}

/** One member of the store or partner, by their id or their e-mail address; nothing where they are none. */
export async function findMember(
  db: Queryable,
  scope: Party,
  person: { userId: string } | { email: string },
): Promise<Omit<Member, 'isDisabled' | 'hasPasskey'> | undefined> {
  const { members, ofParty } = tablesOf(scope)
  const isPerson = 'userId' in person ? eq(users.id, person.userId) : eq(users.email, person.email)
  const { rows } = await db.execute<Omit<Member, 'isDisabled' | 'hasPasskey'>>(sql`
    select ${users.id} as "userId", ${users.name}, ${users.email}, ${members}.role
    from ${members} join ${users} on ${users.id} = ${members}.user_id
    where ${ofParty} and ${isPerson}`)
  return rows[0]
}

/** The person's role; nobody gives them another one, or removes them, until we commit. Nothing where they are no member. */
export async function lockRole(
  tx: Queryable,
  scope: Party,
  { userId }: { userId: string },
): Promise<Role | undefined> {
  const { members, ofParty } = tablesOf(scope)
  const { rows } = await tx.execute<{ role: Role }>(
    sql`select role from ${members} where ${ofParty} and user_id = ${userId} for share`,
  )
  return rows[0]?.role
}

/** How many members there are, and how many owners beside the person who can sign in. */
export async function countMembers(
  db: Queryable,
  scope: Party,
  { beside }: { beside: string },
): Promise<{ all: number; otherOwners: number }> {
  const { members, ofParty } = tablesOf(scope)
  const { rows } = await db.execute<{ all: number; otherOwners: number }>(sql`
    select count(*)::int as "all",
           (count(*) filter (where ${members}.role = 'owner' and ${users.id} <> ${beside}
              and ${users.disabledAt} is null))::int as "otherOwners"
    from ${members} join ${users} on ${users.id} = ${members}.user_id
    where ${ofParty}`)
  return rows[0] ?? { all: 0, otherOwners: 0 }
}

/** @returns false where they were a member before: then their role stays. */
export async function insertMember(
  tx: Queryable,
  scope: Party,
  member: { userId: string; role: Role },
): Promise<boolean> {
  const written =
    scope.side === 'merchant'
      ? await tx
          .insert(storeMembers)
          .values({ storeId: scope.storeId, ...member })
          .onConflictDoNothing()
      : await tx
          .insert(partnerMembers)
          .values({ partnerId: scope.partnerId, ...member })
          .onConflictDoNothing()
  return written.rowCount === 1
}

export async function updateRole(
  tx: Queryable,
  scope: Party,
  { userId, role }: { userId: string; role: Role },
) {
  const { members, ofParty } = tablesOf(scope)
  await tx.execute(sql`update ${members} set role = ${role} where ${ofParty} and user_id = ${userId}`)
}

export async function deleteMember(tx: Queryable, scope: Party, { userId }: { userId: string }) {
  const { members, ofParty } = tablesOf(scope)
  await tx.execute(sql`delete from ${members} where ${ofParty} and user_id = ${userId}`)
}

/** The tables of either side: their columns have the same names but for the party's own. */
function tablesOf(scope: Party): { party: SQL; isParty: SQL; members: SQL; ofParty: SQL } {
  switch (scope.side) {
    case 'merchant':
      return {
        party: sql`${stores}`,
        isParty: eq(stores.id, scope.storeId),
        members: sql`${storeMembers}`,
        ofParty: eq(storeMembers.storeId, scope.storeId),
      }
    case 'partner':
      return {
        party: sql`${partners}`,
        isParty: eq(partners.id, scope.partnerId),
        members: sql`${partnerMembers}`,
        ofParty: eq(partnerMembers.partnerId, scope.partnerId),
      }
  }
}
