import { createHash, randomBytes, randomInt } from 'node:crypto'
import { v4, v7 } from 'uuid'
import type { Queryable } from '#db/client.ts'
import { auditEvents } from '#db/schema/audit-events.ts'
import { passkeys } from '#db/schema/factors.ts'
import { handovers } from '#db/schema/handovers.ts'
import { invitations } from '#db/schema/invitations.ts'
import { partnerMembers, type roles, storeMembers } from '#db/schema/members.ts'
import { type OrderLine, orders } from '#db/schema/orders.ts'
import { partnerAccess } from '#db/schema/partner-access.ts'
import { partnerApplications } from '#db/schema/partner-applications.ts'
import { partners } from '#db/schema/partners.ts'
import { retirementPlans } from '#db/schema/retirement-plans.ts'
import { type reasons, revocations, type sides } from '#db/schema/revocations.ts'
import { revokedTokenAttempts } from '#db/schema/revoked-token-attempts.ts'
import { sessions } from '#db/schema/sessions.ts'
import { stores } from '#db/schema/stores.ts'
import { tokenAddresses } from '#db/schema/token-addresses.ts'
import { tokenAdoptions } from '#db/schema/token-adoptions.ts'
import { tokenUsage } from '#db/schema/token-usage.ts'
import { tokenUsageDays } from '#db/schema/token-usage-days.ts'
import { tokenUsageHours, type usedApis } from '#db/schema/token-usage-hours.ts'
import { tokens } from '#db/schema/tokens.ts'
import { users } from '#db/schema/users.ts'
import { webhookDeliveries } from '#db/schema/webhook-deliveries.ts'
import { webhookEndpoints } from '#db/schema/webhook-endpoints.ts'
import { dayMs, hourMs } from '#lib/time/units.ts'

/**
 * Rows for tests, demo data and benchmarks, each with defaults for what does not matter to the caller.
 * They write as the owner of the tables: `connect({ url: ownerUrl, role: 'owner' })`.
 */

export type UserRow = typeof users.$inferSelect
export type StoreRow = typeof stores.$inferSelect
export type PartnerRow = typeof partners.$inferSelect
export type TokenRow = typeof tokens.$inferSelect

type Role = (typeof roles)[number]
type Side = (typeof sides)[number]

/** What the database keeps of a token's text. Made by `mintToken` of lib, which db may not import. */
export type TokenSecret = { hash: Buffer; lastCharacters: string }

/** Who did it, as the audit record names them. */
export type Author = { side: Side; by: { id: string; name: string } }

export async function buildUser(
  db: Queryable,
  options: Partial<typeof users.$inferInsert> = {},
): Promise<UserRow> {
  const id = options.id ?? v4()
  const values = { id, email: `user-${id}@example.com`, name: `User ${id.slice(0, 8)}`, ...options }
  return only(await db.insert(users).values(values).returning())
}

export const newStoreId = () => `yhst-${digits(14)}`

export async function buildStore(
  db: Queryable,
  options: Partial<typeof stores.$inferInsert> = {},
): Promise<StoreRow> {
  const id = options.id ?? newStoreId()
  const values = { id, name: `Store ${id}`, package: 'standard' as const, ...options }
  return only(await db.insert(stores).values(values).returning())
}

export async function buildPartner(
  db: Queryable,
  options: Partial<typeof partners.$inferInsert> = {},
): Promise<PartnerRow> {
  const id = options.id ?? `ypa-${digits(12)}`
  return only(
    await db
      .insert(partners)
      .values({ id, name: `Partner ${id}`, ...options })
      .returning(),
  )
}

export async function addStoreMember(
  db: Queryable,
  { store, user, role = 'owner' }: { store: { id: string }; user: { id: string }; role?: Role },
) {
  await db.insert(storeMembers).values({ storeId: store.id, userId: user.id, role })
}

export async function addPartnerMember(
  db: Queryable,
  { partner, user, role = 'administrator' }: { partner: { id: string }; user: { id: string }; role?: Role },
) {
  await db.insert(partnerMembers).values({ partnerId: partner.id, userId: user.id, role })
}

/** A passkey that no authenticator has. */
export async function buildPasskey(
  db: Queryable,
  user: { id: string },
  options: Partial<typeof passkeys.$inferInsert> = {},
) {
  const id = v7()
  const values = {
    ...{ id, userId: user.id, credentialId: id, publicKey: randomBytes(77), counter: 0 },
    ...{ transports: ['internal'], name: 'Laptop', createdAt: new Date(), ...options },
  }
  return only(await db.insert(passkeys).values(values).returning())
}

/** An Application for Partner Access that waits, unless it is said to be decided. */
export async function buildApplication(
  db: Queryable,
  options: Partial<typeof partnerApplications.$inferInsert> = {},
) {
  const submittedAt = options.submittedAt ?? new Date()
  const id = options.id ?? v7({ msecs: submittedAt.getTime() })
  const values = {
    id,
    submittedAt,
    company: `Company ${id}`,
    address: 'Pier 4, Portland, ME',
    contact: 'Integration desk',
    email: `desk-${id}@example.com`,
    description: 'Prints shipping labels for orders.',
    ...options,
  }
  return only(await db.insert(partnerApplications).values(values).returning())
}

/** Puts the partner into the store's API access list, with all three APIs by default. */
export async function grantAccess(
  db: Queryable,
  access: {
    store: { id: string; name: string }
    partner: { id: string; name: string }
    apis?: (typeof partnerAccess.$inferInsert)['apis']
    addedAt?: Date
  },
) {
  const values = {
    storeId: access.store.id,
    partnerId: access.partner.id,
    storeName: access.store.name,
    partnerName: access.partner.name,
    apis: access.apis ?? ['order' as const, 'payment' as const, 'catalog' as const],
    ...(access.addedAt && { addedAt: access.addedAt }),
  }
  return only(await db.insert(partnerAccess).values(values).returning())
}

/** An invitation that can be accepted for a week. @returns the secret of its address. */
export async function buildInvitation(
  db: Queryable,
  options: Omit<Partial<typeof invitations.$inferInsert>, 'invitedBy'> & {
    email: string
    invitedBy: { id: string }
  },
): Promise<string> {
  const secret = randomBytes(32).toString('base64url')
  const invitedAt = new Date()
  await db.insert(invitations).values({
    id: v7(),
    hash: createHash('sha256').update(secret).digest(),
    role: 'viewer',
    invitedAt,
    expiresAt: new Date(invitedAt.getTime() + 7 * dayMs),
    ...options,
    invitedBy: options.invitedBy.id,
  })
  return secret
}

export type TokenOptions = {
  storeId: string
  partnerId: string
  /** Without it the token cannot be presented: its hash is that of no text. */
  secret?: TokenSecret
  /** An hour ago by default. */
  createdAt?: Date
  /** 365 days after `createdAt` by default. */
  expiresAt?: Date
  predecessorId?: string
  issuedBy?: Author
  revocation?: RevocationOptions
  lastUsedAt?: Date
  /** When a token that renewed another one was first used; its last use by default. */
  adoptedAt?: Date
  /** What is known of the use at `lastUsedAt`. */
  lastUse?: Partial<Omit<typeof tokenUsage.$inferInsert, 'tokenId' | 'lastUsedAt'>>
}

/** A token's text that waits to be collected for two weeks by default. */
export async function buildHandover(
  db: Queryable,
  handover: Omit<typeof handovers.$inferInsert, 'collectUntil'> & { collectUntil?: Date },
) {
  await db.insert(handovers).values({ collectUntil: new Date(Date.now() + 14 * dayMs), ...handover })
}

/** What was chosen as `successor` was made: the token that it renews is revoked by itself; `retireAt` null: when it is adopted. */
export async function buildRetirementPlan(
  db: Queryable,
  successor: TokenRow,
  { side, by, retireAt }: Author & { retireAt: Date | null },
) {
  const { id: successorId, predecessorId, storeId, partnerId, createdAt } = successor
  if (!predecessorId) throw new Error('It renews nothing.')
  const plan = { successorId, tokenId: predecessorId, retireAt, plannedAt: createdAt, side, userId: by.id }
  await db.insert(retirementPlans).values(plan)
  await db.insert(auditEvents).values({
    ...{ occurredAt: createdAt, action: 'token.retirement-planned', ...authorOf({ side, by }) },
    ...{ storeId, partnerId, tokenId: predecessorId },
    details: { successorId, when: retireAt?.toISOString() ?? 'adopted' },
  })
}

/** Where a store or a partner is notified of every revocation, unless stated otherwise; its secret must be encrypted for its id. */
export async function buildWebhookEndpoint(
  db: Queryable,
  endpoint: Omit<typeof webhookEndpoints.$inferInsert, 'createdAt' | 'kinds'> & {
    kinds?: string[]
    createdAt?: Date
  },
) {
  const values = { kinds: ['token.revoked'], createdAt: new Date(), ...endpoint }
  return only(await db.insert(webhookEndpoints).values(values).returning())
}

export async function buildWebhookDelivery(
  db: Queryable,
  delivery: Partial<typeof webhookDeliveries.$inferInsert> & { endpointId: string },
) {
  const createdAt = delivery.createdAt ?? new Date()
  const values = {
    id: v7({ msecs: createdAt.getTime() }),
    eventId: randomInt(1_000_000_000),
    kind: 'token.revoked',
    payload: JSON.stringify({ type: 'token.revoked', timestamp: createdAt.toISOString(), data: {} }),
    createdAt,
    ...delivery,
  }
  return only(await db.insert(webhookDeliveries).values(values).returning())
}

export type RevocationOptions = Author & {
  reason?: (typeof reasons)[number]
  note?: string
  /** Now by default. */
  revokedAt?: Date
  address?: string
}

/** A token with its whole record: one audit row for its issue, one for the renewal of its predecessor, one for its revocation. */
export async function buildToken(db: Queryable, options: TokenOptions): Promise<TokenRow> {
  const createdAt = options.createdAt ?? new Date(Date.now() - hourMs)
  const token = only(
    await db
      .insert(tokens)
      .values({
        id: v7({ msecs: createdAt.getTime() }),
        ...(options.secret ?? unusableSecret()),
        storeId: options.storeId,
        partnerId: options.partnerId,
        predecessorId: options.predecessorId ?? null,
        createdAt,
        expiresAt: options.expiresAt ?? new Date(createdAt.getTime() + 365 * dayMs),
      })
      .returning(),
  )
  const noted = { occurredAt: createdAt, ...authorOf(options.issuedBy), ...partiesOf(token) }
  const { predecessorId } = token
  await db.insert(auditEvents).values([
    ...(predecessorId
      ? [
          {
            ...noted,
            action: 'token.renewed' as const,
            tokenId: predecessorId,
            details: { successorId: token.id },
          },
        ]
      : []),
    { ...noted, action: 'token.issued', ...(predecessorId && { details: { predecessorId } }) },
  ])
  if (options.lastUsedAt) {
    await db
      .insert(tokenUsage)
      .values({ ...options.lastUse, tokenId: token.id, lastUsedAt: options.lastUsedAt })
    if (predecessorId) {
      const adoptedAt = options.adoptedAt ?? options.lastUsedAt
      await db.insert(tokenAdoptions).values({ tokenId: token.id, adoptedAt })
    }
  }
  if (options.revocation) await buildRevocation(db, token, options.revocation)
  return token
}

/** The end of a token that is there already, with its audit row. */
async function buildRevocation(db: Queryable, token: TokenRow, options: RevocationOptions) {
  const { side, by, reason = 'no-longer-working-together', note = null } = options
  const revokedAt = options.revokedAt ?? new Date()
  await db.insert(revocations).values({
    ...partiesOf(token),
    revokedAt,
    side,
    userId: by.id,
    reason,
    note,
  })
  await db.insert(auditEvents).values({
    occurredAt: revokedAt,
    action: 'token.revoked',
    ...partiesOf(token),
    ...authorOf({ side, by }),
    reason,
    note,
    address: options.address ?? null,
  })
}

type CallsOptions = { api?: (typeof usedApis)[number]; calls?: number; refusals?: number }

/** Ten accepted calls of the Order API in each of the hours by default. */
export async function buildUsageHours(
  db: Queryable,
  tokenId: string,
  hours: (CallsOptions & { hour: Date })[],
) {
  if (hours.length === 0) return
  await db.insert(tokenUsageHours).values(hours.map((hour) => ({ ...ordinaryCalls, tokenId, ...hour })))
}

/** Ten accepted calls of the Order API on each of the days (as in 2026-11-23) by default. */
export async function buildUsageDays(
  db: Queryable,
  tokenId: string,
  days: (CallsOptions & { day: string })[],
) {
  if (days.length === 0) return
  await db.insert(tokenUsageDays).values(days.map((day) => ({ ...ordinaryCalls, tokenId, ...day })))
}

export async function buildAddresses(
  db: Queryable,
  tokenId: string,
  addresses: Omit<typeof tokenAddresses.$inferInsert, 'tokenId'>[],
) {
  if (addresses.length === 0) return
  await db.insert(tokenAddresses).values(addresses.map((address) => ({ tokenId, ...address })))
}

/** Calls with a token that was revoked before. */
export async function buildAttempts(db: Queryable, attempts: typeof revokedTokenAttempts.$inferInsert) {
  await db.insert(revokedTokenAttempts).values(attempts)
}

const ordinaryCalls = { api: 'order' as const, calls: 10, refusals: 0 }

const wares: [code: string, description: string, unitPriceCents: number][] = [
  ['lamp-brass-01', 'Brass ship lamp, 30 cm', 8900],
  ['rope-12mm-20m', 'Mooring rope, 12 mm, 20 m', 2450],
  ['mug-enamel-blue', 'Enamel mug, blue', 1195],
  ['chart-baltic-4', 'Sea chart, Baltic, sheet 4', 3400],
  ['tea-smoked-250', 'Smoked tea, 250 g', 1680],
  ['blanket-wool-140', 'Wool blanket, 140 × 200 cm', 12900],
  ['soap-tar-100', 'Tar soap, 100 g', 650],
  ['compass-pocket', 'Pocket compass', 4200],
]
const orderStatuses = ['OK', 'OK', 'Shipped', 'Shipped', 'Shipped', 'Backordered', 'Cancelled'] as const
const places = ['Portland, ME', 'Galveston, TX', 'Duluth, MN', 'Astoria, OR', 'Marquette, MI']

/** Orders numbered from `firstNumber` on, one every seven hours up to `lastPlacedAt`; the same every time. */
export async function buildOrders(
  db: Queryable,
  options: { storeId: string; count: number; firstNumber?: number; lastPlacedAt?: Date },
) {
  const { storeId, count, firstNumber = 1001, lastPlacedAt = new Date() } = options
  const rows = Array.from({ length: count }, (_, n) => ({
    storeId,
    number: firstNumber + n,
    placedAt: new Date(lastPlacedAt.getTime() - (count - 1 - n) * 7 * hourMs),
    status: pick(orderStatuses, n * 3),
    currency: 'USD',
    shipTo: `Customer ${firstNumber + n}, ${100 + n} Harbor Street, ${pick(places, n)}`,
    lines: Array.from({ length: 1 + (n % 3) }, (_, line) =>
      orderLine(n * 5 + line * 3, 1 + ((n + line) % 4)),
    ),
  }))
  return db.insert(orders).values(rows).returning()
}

function orderLine(ware: number, quantity: number): OrderLine {
  const [code, description, unitPriceCents] = pick(wares, ware)
  return { code, description, quantity, unitPriceCents }
}

function unusableSecret(): TokenSecret {
  const random = randomBytes(35)
  return { hash: random.subarray(0, 32), lastCharacters: random.subarray(32).toString('base64url') }
}

function partiesOf(token: TokenRow) {
  return { tokenId: token.id, storeId: token.storeId, partnerId: token.partnerId }
}

function authorOf(author: Author | undefined) {
  return author ? { side: author.side, userId: author.by.id, userName: author.by.name } : {}
}

function digits(count: number): string {
  return Array.from({ length: count }, () => randomInt(10)).join('')
}

function pick<T>(list: readonly T[], n: number): T {
  return list[n % list.length] as T
}

function only<T>(rows: T[]): T {
  const [row] = rows
  if (row === undefined || rows.length > 1) throw new Error(`One row was expected, not ${rows.length}.`)
  return row
}

/** A live session, of a day. */
export async function buildSession(
  db: Queryable,
  options: Partial<typeof sessions.$inferInsert> & { userId: string },
): Promise<{ id: string }> {
  const id = options.id ?? crypto.randomUUID()
  await db.insert(sessions).values({ expiresAt: new Date(Date.now() + 86_400_000), ...options, id })
  return { id }
}
