import { and, asc, desc, eq, isNull, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { events } from '../../schema/events.ts'
import {
  type credentialScopes,
  serviceCredentials,
  serviceCredentialUses,
} from '../../schema/service-credentials.ts'
import { inScope, type Party } from '../party.ts'
import { emailOf } from './users.ts'

type Scope = (typeof credentialScopes)[number]

/** By the clock, not by the beginning of a transaction that waited. */
const isLive = sql`${serviceCredentials.revokedAt} is null and ${serviceCredentials.expiresAt} > clock_timestamp()`

const shown = {
  id: serviceCredentials.id,
  name: serviceCredentials.name,
  lastCharacters: serviceCredentials.lastCharacters,
  scopes: serviceCredentials.scopes,
  networks: serviceCredentials.networks,
  createdAt: serviceCredentials.createdAt,
  createdBy: serviceCredentials.createdBy,
  createdByName: serviceCredentials.createdByName,
  createdByEmail: serviceCredentials.createdByEmail,
  expiresAt: serviceCredentials.expiresAt,
  revokedAt: serviceCredentials.revokedAt,
  revokedByName: serviceCredentials.revokedByName,
  revokedByEmail: serviceCredentials.revokedByEmail,
  lastUsedAt: serviceCredentialUses.lastUsedAt,
  lastAddress: serviceCredentialUses.lastAddress,
  /** Whoever made it is still an owner of the store or partner. */
  isMakerOwner: sql<boolean>`(exists (select from store_members here
      where here.store_id = ${serviceCredentials}.store_id and here.user_id = ${serviceCredentials}.created_by and here.role = 'owner')
    or exists (select from partner_members here
      where here.partner_id = ${serviceCredentials}.partner_id and here.user_id = ${serviceCredentials}.created_by and here.role = 'owner'))`,
  /** The database's time of this answer. */
  asOf: sql<Date>`clock_timestamp()`.mapWith(serviceCredentials.createdAt),
}

const listed = (db: Queryable, where: SQL | undefined) =>
  db
    .select(shown)
    .from(serviceCredentials)
    .leftJoin(serviceCredentialUses, eq(serviceCredentialUses.credentialId, serviceCredentials.id))
    .where(where)

/** Those that are neither revoked nor expired, the oldest first. */
export async function listLiveCredentials(db: Queryable, scope: Party, limit: number) {
  return listed(db, and(inScope(scope, serviceCredentials), isLive))
    .orderBy(asc(serviceCredentials.id))
    .limit(limit)
}

/** The others, that made last first. */
export async function listEndedCredentials(db: Queryable, scope: Party, limit: number) {
  return listed(db, and(inScope(scope, serviceCredentials), sql`not (${isLive})`))
    .orderBy(desc(serviceCredentials.id))
    .limit(limit)
}

/** Live ones that the person made, the oldest first. */
export async function listCredentialsBy(
  db: Queryable,
  { scope, userId }: { scope: Party; userId: string },
  limit: number,
) {
  return listed(db, and(inScope(scope, serviceCredentials), eq(serviceCredentials.createdBy, userId), isLive))
    .orderBy(asc(serviceCredentials.id))
    .limit(limit)
}

/** A live one; nobody else revokes it until we commit. */
export async function lockLiveCredential(tx: Queryable, scope: Party, id: string) {
  const [found] = await tx
    .select({
      id: serviceCredentials.id,
      name: serviceCredentials.name,
      lastCharacters: serviceCredentials.lastCharacters,
    })
    .from(serviceCredentials)
    .where(and(inScope(scope, serviceCredentials), eq(serviceCredentials.id, id), isLive))
    .for('no key update')
  return found
}

/** Whether the credential lives; nobody revokes it until we commit. */
export async function lockCredential(tx: Queryable, scope: Party, id: string): Promise<boolean> {
  const found = await tx
    .select({ id: serviceCredentials.id })
    .from(serviceCredentials)
    .where(and(inScope(scope, serviceCredentials), eq(serviceCredentials.id, id), isLive))
    .for('share')
  return found.length === 1
}

type NewCredential = Omit<
  typeof serviceCredentials.$inferInsert,
  'createdByEmail' | 'revokedAt' | 'revokedBy' | 'revokedByName' | 'revokedByEmail'
>

export async function insertCredential(tx: Queryable, credential: NewCredential) {
  await tx.insert(serviceCredentials).values({ ...credential, createdByEmail: emailOf(credential.createdBy) })
}

export async function markCredentialRevoked(
  tx: Queryable,
  id: string,
  { at, userId, userName }: { at: Date; userId: string; userName: string },
) {
  await tx
    .update(serviceCredentials)
    .set({
      ...{ revokedAt: at, revokedBy: userId, revokedByName: userName },
      revokedByEmail: emailOf(userId),
    })
    .where(and(eq(serviceCredentials.id, id), isNull(serviceCredentials.revokedAt)))
}

export type PresentedRow = {
  id: string
  name: string
  storeId: string | null
  partnerId: string | null
  scopes: Scope[]
  expiresAt: string
  makerId: string
  /** Revoked before expired: what a person did is never hidden by the passing of time. */
  state: 'live' | 'revoked' | 'expired'
  isFromWithin: boolean
  isUseKept: boolean
}

/** Whose a text is, and whether it is accepted, by the database's clock. One that nobody has is nothing. */
export async function findPresentedCredential(
  db: Queryable,
  { hash, address, keptForMs }: { hash: Buffer; address: string | null; keptForMs: number },
): Promise<PresentedRow | undefined> {
  const { rows } = await db.execute<PresentedRow>(sql`
    select credential.id, credential.name, credential.store_id as "storeId", credential.partner_id as "partnerId", credential.scopes,
      credential.expires_at as "expiresAt", credential.created_by as "makerId",
      case when credential.revoked_at is not null then 'revoked'
        when credential.expires_at <= clock_timestamp() then 'expired' else 'live' end as state,
      cardinality(credential.networks) = 0 or coalesce(${address}::inet <<= any(credential.networks), false) as "isFromWithin",
      coalesce(used.last_used_at > clock_timestamp() - make_interval(secs => ${keptForMs / 1_000}), false) as "isUseKept"
    from ${serviceCredentials} credential
    left join ${serviceCredentialUses} used on used.credential_id = credential.id
    where credential.hash = ${hash}`)
  return rows[0]
}

export async function noteCredentialUse(
  db: Queryable,
  { credentialId, address }: { credentialId: string; address: string | null },
) {
  await db.execute(sql`
    insert into ${serviceCredentialUses} as used (credential_id, last_used_at, last_address)
    values (${credentialId}, clock_timestamp(), ${address})
    on conflict (credential_id) do update set last_used_at = excluded.last_used_at, last_address = excluded.last_address
    where used.last_used_at < excluded.last_used_at`)
}

/**
 * Live ones that end after `moreThanDays` and within `days`, of which no event has the key yet: `key`, a colon and the id. Who made one for
 * so few days knows it.
 */
export async function listCredentialsEnding(
  tx: Queryable,
  { moreThanDays, days, key, limit }: { moreThanDays: number; days: number; key: string; limit: number },
) {
  const inDays = (count: number) => sql`make_interval(days => ${count}::int)`
  const { expiresAt, createdAt } = serviceCredentials
  return tx
    .select({
      id: serviceCredentials.id,
      name: serviceCredentials.name,
      storeId: serviceCredentials.storeId,
      partnerId: serviceCredentials.partnerId,
      expiresAt,
    })
    .from(serviceCredentials)
    .where(
      and(
        isLive,
        sql`${expiresAt} <= clock_timestamp() + ${inDays(days)} and ${expiresAt} > clock_timestamp() + ${inDays(moreThanDays)}`,
        sql`${expiresAt} - ${createdAt} > ${inDays(days)}`,
        sql`not exists (select from ${events} where ${events.onceKey} = ${key}::text || ':' || ${serviceCredentials.id}::text)`,
      ),
    )
    .orderBy(asc(expiresAt))
    .limit(limit)
}
