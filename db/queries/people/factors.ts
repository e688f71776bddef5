import { and, eq, gt, isNull, lt, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { firstSteps, passkeys, recoveryCodes, usedChallenges } from '../../schema/factors.ts'
import { partnerMembers, storeMembers } from '../../schema/members.ts'
import { partners } from '../../schema/partners.ts'
import { sessions } from '../../schema/sessions.ts'
import { stores } from '../../schema/stores.ts'
import type { Party } from '../party.ts'

type OfUser = { userId: string }
export type PasskeyRow = typeof passkeys.$inferSelect

/** The oldest first. */
export async function listPasskeys(db: Queryable, { userId }: OfUser): Promise<PasskeyRow[]> {
  return db.select().from(passkeys).where(eq(passkeys.userId, userId)).orderBy(passkeys.id)
}

export async function hasPasskey(db: Queryable, { userId }: OfUser): Promise<boolean> {
  return (await db.$count(passkeys, eq(passkeys.userId, userId))) > 0
}

/** Whosever it is: its credential id says nothing about who holds it. */
export async function findPasskey(db: Queryable, credentialId: string): Promise<PasskeyRow | undefined> {
  const [found] = await db.select().from(passkeys).where(eq(passkeys.credentialId, credentialId))
  return found
}

/** @returns false where the credential is known already. */
export async function insertPasskey(tx: Queryable, passkey: PasskeyRow): Promise<boolean> {
  const written = await tx.insert(passkeys).values(passkey).onConflictDoNothing()
  return written.rowCount === 1
}

export async function notePasskeyUse(
  tx: Queryable,
  { id }: { id: string },
  use: { counter: number; at: Date },
) {
  await tx.update(passkeys).set({ counter: use.counter, lastUsedAt: use.at }).where(eq(passkeys.id, id))
}

export async function deletePasskeys(tx: Queryable, which: OfUser & { passkeyId?: string }) {
  const isOne = which.passkeyId ? eq(passkeys.id, which.passkeyId) : sql`true`
  return tx
    .delete(passkeys)
    .where(and(eq(passkeys.userId, which.userId), isOne))
    .returning({ name: passkeys.name })
}

export async function replaceRecoveryCodes(tx: Queryable, { userId }: OfUser, hashes: Buffer[], at: Date) {
  await tx.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId))
  if (hashes.length > 0) {
    await tx.insert(recoveryCodes).values(hashes.map((hash) => ({ hash, userId, createdAt: at })))
  }
}

export async function countUnusedCodes(db: Queryable, { userId }: OfUser): Promise<number> {
  return db.$count(recoveryCodes, and(eq(recoveryCodes.userId, userId), isNull(recoveryCodes.usedAt)))
}

/** Of two who use one code at once, one gets it. */
export async function takeRecoveryCode(
  tx: Queryable,
  { userId, hash }: OfUser & { hash: Buffer },
  at: Date,
): Promise<boolean> {
  const taken = await tx
    .update(recoveryCodes)
    .set({ usedAt: at })
    .where(and(eq(recoveryCodes.hash, hash), eq(recoveryCodes.userId, userId), isNull(recoveryCodes.usedAt)))
  return taken.rowCount === 1
}

export async function insertFirstStep(tx: Queryable, step: typeof firstSteps.$inferInsert) {
  await tx.insert(firstSteps).values(step)
}

export async function findFirstStep(db: Queryable, hash: Buffer, now: Date) {
  const [found] = await db
    .select({ userId: firstSteps.userId, method: firstSteps.method })
    .from(firstSteps)
    .where(and(eq(firstSteps.hash, hash), gt(firstSteps.expiresAt, now)))
  return found
}

/** What was proven with an old password, or before a second factor changed, is worth nothing from now on. */
export async function deleteFirstSteps(tx: Queryable, { userId }: OfUser) {
  await tx.delete(firstSteps).where(eq(firstSteps.userId, userId))
}

/** @returns false where it was answered before. */
export async function insertUsedChallenge(
  tx: Queryable,
  used: typeof usedChallenges.$inferInsert,
): Promise<boolean> {
  const written = await tx.insert(usedChallenges).values(used).onConflictDoNothing()
  return written.rowCount === 1
}

/** @returns how many, `limit` of each at most. */
export async function deleteExpiredSteps(db: Queryable, now: Date, limit: number): Promise<number> {
  let deleted = 0
  for (const table of [firstSteps, usedChallenges]) {
    const old = db.select({ hash: table.hash }).from(table).where(lt(table.expiresAt, now)).limit(limit)
    deleted += (await db.delete(table).where(sql`${table.hash} in ${old}`)).rowCount ?? 0
  }
  return deleted
}

/** @param proof.secondFactor unset: what the session had stays. */
export async function updateProof(
  tx: Queryable,
  { userId, sessionId }: OfUser & { sessionId: string },
  proof: { provedAt: Date; secondFactor?: 'passkey' | 'recovery-code' | 'issuer' },
) {
  await tx
    .update(sessions)
    .set(proof)
    .where(and(eq(sessions.id, sessionId), eq(sessions.userId, userId), isNull(sessions.endedAt)))
}

/** Whether somebody that the person works for demands a second factor of its members. */
export async function isSecondFactorDemandedOf(db: Queryable, { userId }: OfUser): Promise<boolean> {
  const { rows } = await db.execute(sql`
    select 1 from ${storeMembers} join ${stores} on ${stores.id} = ${storeMembers.storeId}
    where ${storeMembers.userId} = ${userId} and ${stores.secondFactorDemandedAt} is not null
    union all
    select 1 from ${partnerMembers} join ${partners} on ${partners.id} = ${partnerMembers.partnerId}
    where ${partnerMembers.userId} = ${userId} and ${partners.secondFactorDemandedAt} is not null
    limit 1`)
  return rows.length > 0
}

/** How many stores and partners the person works for. */
export async function countMemberships(db: Queryable, { userId }: OfUser): Promise<number> {
  return (
    (await db.$count(storeMembers, eq(storeMembers.userId, userId))) +
    (await db.$count(partnerMembers, eq(partnerMembers.userId, userId)))
  )
}

export async function findDemand(db: Queryable, party: Party): Promise<Date | null> {
  const [found] =
    party.side === 'merchant'
      ? await db
          .select({ at: stores.secondFactorDemandedAt })
          .from(stores)
          .where(eq(stores.id, party.storeId))
      : await db
          .select({ at: partners.secondFactorDemandedAt })
          .from(partners)
          .where(eq(partners.id, party.partnerId))
  return found?.at ?? null
}

export async function updateDemand(tx: Queryable, party: Party, secondFactorDemandedAt: Date | null) {
  switch (party.side) {
    case 'merchant':
      await tx.update(stores).set({ secondFactorDemandedAt }).where(eq(stores.id, party.storeId))
      break
    case 'partner':
      await tx.update(partners).set({ secondFactorDemandedAt }).where(eq(partners.id, party.partnerId))
  }
}
