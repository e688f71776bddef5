import { sql } from 'drizzle-orm'
import type { Database, Queryable } from '#db/client.ts'
import { auditEvents } from '#db/schema/audit-events.ts'
import { stores } from '#db/schema/stores.ts'
import { dayMs, minuteMs } from '#lib/time/units.ts'
import {
  type Author,
  addPartnerMember,
  addStoreMember,
  buildApplication,
  buildInvitation,
  buildOrders,
  buildPartner,
  buildRetirementPlan,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
  type TokenSecret,
} from '../seed/builders.ts'
import {
  type DemoPair,
  type DemoToken,
  demoAccounts,
  demoApis,
  demoApplications,
  demoInvitation,
  demoPartners,
  demoStores,
  demoTokens,
} from './demo-data.ts'
import { lastDemoUse, writeDemoAttempts, writeDemoCalls } from './demo-usage.ts'

/** Any number, the same for every start of the demo: two at once fill the database once. */
const demoLock = 1_409_300_526

type DemoSeed = {
  /** Makes a token: `mintToken` of lib. */
  mint: () => TokenSecret & { text: string }
  /** Keeps a token's text, made at `now`, until somebody collects it: of lib as well. */
  keep: (tx: Queryable, token: { tokenId: string; text: string }, now: Date) => Promise<void>
  /** Of `demoPassword`. */
  passwordHash: string
  now: Date
  /** Writes what people and programs were notified of from the record: of lib as well. */
  dispatch: (tx: Queryable) => Promise<void>
  onProgress?: ((step: string) => void) | undefined
}

/** Fills an empty database with the demo's data, all of it or nothing. `kept`: there was something in it. */
export async function fillWithDemoData(db: Database, seed: DemoSeed): Promise<'filled' | 'kept'> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${demoLock})`)
    const [someStore] = await tx.select({ id: stores.id }).from(stores).limit(1)
    if (someStore) return 'kept'
    seed.onProgress?.('stores, partners and accounts')
    await writeParties(tx, seed)
    const authors = await writeAccounts(tx, seed)
    seed.onProgress?.('orders')
    for (const [storeId, , storePackage] of demoStores) {
      if (storePackage === 'starter') continue
      await buildOrders(tx, {
        storeId,
        count: 30,
        lastPlacedAt: new Date(seed.now.getTime() - 95 * minuteMs),
      })
    }
    seed.onProgress?.('tokens and their record')
    for (const [n, pair] of demoTokens.entries()) await writePair(tx, seed, authors, pair, n)
    seed.onProgress?.('what people were notified of')
    await seed.dispatch(tx)
    return 'filled'
  })
}

async function writeParties(tx: Queryable, { now }: DemoSeed) {
  const createdAt = daysFrom(now, -1500)
  for (const [id, name, storePackage] of demoStores) {
    await buildStore(tx, { id, name, package: storePackage, createdAt })
  }
  for (const [id, name] of demoPartners) await buildPartner(tx, { id, name, createdAt })
}

/** Who acts for each store and partner in the record. Most partners have nobody: their merchant renews for them. */
type Authors = Map<string, Author>

async function writeAccounts(tx: Queryable, { now, passwordHash }: DemoSeed): Promise<Authors> {
  const authors: Authors = new Map()
  for (const { email, name, role, stores = [], partner, operator, signsIn } of demoAccounts) {
    const user = await buildUser(tx, {
      email,
      name,
      passwordHash: signsIn === 'with-password' ? passwordHash : null,
      createdAt: daysFrom(now, -1500),
      isOperator: operator === 'yes',
    })
    if (operator) await writeApplications(tx, { now, operator: user })
    for (const id of stores) {
      await addStoreMember(tx, { store: { id }, user, role })
      if (role === 'owner') authors.set(id, { side: 'merchant', by: user })
    }
    if (partner) {
      await addPartnerMember(tx, { partner: { id: partner }, user, role })
      authors.set(partner, { side: 'partner', by: user })
    }
  }
  const { storeId, email, role, daysAgo } = demoInvitation
  const { by } = authorOf(authors, storeId)
  await buildInvitation(tx, { storeId, email, role, invitedBy: by, invitedAt: daysFrom(now, -daysAgo) })
  return authors
}

async function writeApplications(
  tx: Queryable,
  { now, operator }: { now: Date; operator: { id: string; name: string } },
) {
  for (const { daysAgo, declined, ...application } of demoApplications) {
    await buildApplication(tx, {
      ...application,
      submittedAt: daysFrom(now, -daysAgo),
      ...(declined && {
        decision: 'declined',
        decidedAt: daysFrom(now, 1 - daysAgo),
        decidedBy: operator.id,
        answer: declined,
      }),
    })
  }
}

async function writePair(tx: Queryable, seed: DemoSeed, authors: Authors, pair: DemoPair, n: number) {
  const [storeId, partnerId, list] = pair
  // No two pairs were worked on at the same minute.
  const now = new Date(seed.now.getTime() - ((n * 97) % 480) * minuteMs)
  const oldest = Math.max(...list.map((token) => token.createdDaysAgo))
  const apis = demoApis[partnerId] ?? (['order', 'payment', 'catalog'] as const)
  const addedAt = new Date(daysFrom(now, -oldest).getTime() - 2 * minuteMs)
  await grantAccess(tx, {
    store: { id: storeId, name: nameOf(demoStores, storeId) },
    partner: { id: partnerId, name: nameOf(demoPartners, partnerId) },
    addedAt,
    apis,
  })
  const merchant = authorOf(authors, storeId)
  await tx.insert(auditEvents).values({
    ...{ action: 'access.added', occurredAt: addedAt, side: 'merchant', storeId, partnerId },
    ...{ userId: merchant.by.id, userName: merchant.by.name },
  })
  const author = { merchant, partner: authors.get(partnerId) ?? merchant }
  const minutesAgo = (minutes: number) => new Date(seed.now.getTime() - minutes * minuteMs)
  let number = n
  for (const token of list) await writeToken(token)

  async function writeToken(token: NonNullable<DemoToken['renewedBy']>, predecessorId?: string) {
    const { usedMinutesAgo, revoked, retiresOld } = token
    const lastUsedAt = usedMinutesAgo === undefined ? undefined : minutesAgo(usedMinutesAgo)
    number += 1
    const { text, ...secret } = seed.mint()
    const createdAt = daysFrom(now, -token.createdDaysAgo)
    const built = await buildToken(tx, {
      storeId,
      partnerId,
      secret,
      createdAt,
      expiresAt: daysFrom(now, token.expiresInDays),
      issuedBy: predecessorId ? author.partner : author.merchant,
      ...(predecessorId && { predecessorId }),
      ...(lastUsedAt && { lastUsedAt, lastUse: lastDemoUse(number, partnerId, apis) }),
      ...(revoked && {
        revocation: {
          ...author[revoked.side],
          reason: revoked.reason,
          ...(revoked.note && { note: revoked.note }),
          // Half an hour later in that day: a token can be revoked on the day of its issue.
          revokedAt: new Date(daysFrom(now, -revoked.daysAgo).getTime() + 30 * minuteMs),
        },
      }),
    })
    if (token.text === 'waits-to-be-collected') await seed.keep(tx, { tokenId: built.id, text }, createdAt)
    if (retiresOld) {
      const retireAt = retiresOld === 'when-adopted' ? null : daysFrom(now, retiresOld.inDays)
      await buildRetirementPlan(tx, built, { ...author.partner, retireAt })
    }
    if (lastUsedAt) await writeDemoCalls(tx, built, { n: number, lastUsedAt, apis, now: seed.now })
    if (revoked?.attempts) {
      const { count, firstDaysAgo, lastMinutesAgo } = revoked.attempts
      const [firstAt, lastAt] = [daysFrom(seed.now, -firstDaysAgo), minutesAgo(lastMinutesAgo)]
      await writeDemoAttempts(tx, built.id, { count, firstAt, lastAt, now: seed.now })
    }
    if (token.renewedBy) await writeToken(token.renewedBy, built.id)
  }
}

function authorOf(authors: Authors, id: string): Author {
  const author = authors.get(id)
  if (!author) throw new Error(`The demo has nobody who acts for ${id}.`)
  return author
}

function nameOf(
  parties: readonly (readonly [id: string, name: string, ...rest: unknown[]])[],
  id: string,
): string {
  const party = parties.find(([partyId]) => partyId === id)
  if (!party) throw new Error(`The demo has no ${id}.`)
  return party[1]
}

function daysFrom(now: Date, days: number): Date {
  return new Date(now.getTime() + days * dayMs)
}
