import { randomBytes, randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import { beforeAll, expect, test } from 'vitest'
import { insertPasswordReset } from '#db/queries/people/password-resets.ts'
import { canaryRuns } from '#db/schema/canary-runs.ts'
import { events } from '#db/schema/events.ts'
import { idempotentRequests } from '#db/schema/idempotent-requests.ts'
import { mails } from '#db/schema/mails.ts'
import { notices } from '#db/schema/notices.ts'
import { passwordResets } from '#db/schema/password-resets.ts'
import { rateLimitCounters } from '#db/schema/rate-limit-counters.ts'
import { sessions } from '#db/schema/sessions.ts'
import { tokenFinds } from '#db/schema/token-finds.ts'
import { webhookDeliveries } from '#db/schema/webhook-deliveries.ts'
import { remind } from '#lib/notifications/reminders/remind.ts'
import { freezePlan } from '#lib/plans/freeze.ts'
import { dayMs, hourMs } from '#lib/time/units.ts'
import {
  addStoreMember,
  buildPartner,
  buildSession,
  buildStore,
  buildToken,
  buildUser,
  buildWebhookDelivery,
  buildWebhookEndpoint,
  grantAccess,
} from '#tools/seed/builders.ts'
import { buildCredential } from '#tools/seed/credentials.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { pruneOldRows } from './prune.ts'

const { db, owner } = prepareTestDatabase()
const { signal } = new AbortController()
const daysAgo = (days: number) => new Date(Date.now() - days * dayMs)

let userId: string
let endpointId: string
let pair: { storeId: string; partnerId: string }
beforeAll(async () => {
  const [store, partner] = [await buildStore(owner), await buildPartner(owner)]
  await grantAccess(owner, { store, partner })
  pair = { storeId: store.id, partnerId: partner.id }
  userId = (await buildUser(owner)).id
  const endpoint = { id: uuidv7(), storeId: store.id, createdBy: userId, url: 'https://receiver.example/' }
  endpointId = (await buildWebhookEndpoint(owner, { ...endpoint, encryptedSecret: 'never read' })).id
})

const anEvent = () => ({ ...pair, kind: 'token.expiring' as const, operationId: randomUUID() })
const anotherTime = new Date('2020-01-01T00:00:00.000Z')

/** Writes a row of that age. @returns its id. */
const write = {
  event: async (dispatchedAt: Date | null) => {
    const event = { ...anEvent(), occurredAt: anotherTime, dispatchedAt }
    return (await owner.insert(events).values(event).returning())[0]?.id
  },
  notice: async (occurredAt: Date, readAt: Date | null) => {
    const id = uuidv7()
    const line = { ...anEvent(), id, userId, side: 'merchant' as const, tokenCount: 1, occurredAt, readAt }
    await owner.insert(notices).values(line)
    return id
  },
  mail: async (createdAt: Date) => {
    const id = uuidv7()
    await owner.insert(mails).values({ id, toAddress: 'desk@example.com', subject: 'Sent', createdAt })
    return id
  },
  delivery: async (createdAt: Date, state: 'waiting' | 'delivered' | 'failed') =>
    (await buildWebhookDelivery(owner, { endpointId, createdAt, state })).id,
  reset: async (createdAt: Date) => {
    const hash = randomBytes(32)
    const expiresAt = new Date(createdAt.getTime() + hourMs)
    await insertPasswordReset(db, { hash, userId, createdAt, expiresAt })
    return hash.toString('hex')
  },
  find: async (foundAt: Date) => {
    const id = uuidv7()
    const of = { side: 'merchant' as const, storeId: pair.storeId, partnerId: '', userId, foundAt }
    const none = { tokenIds: [], firstLines: [], lineCounts: [], byText: 0, byId: 0, isMore: false }
    await owner.insert(tokenFinds).values({ id, ...of, ...none, otherTexts: 0, brokenTexts: 0, textLines: 1 })
    return id
  },
  canaryRun: async (minute: Date) => {
    await owner.insert(canaryRuns).values({ minute })
    return minute.toISOString()
  },
  session: async (expiresAt: Date, endedAt: Date | null) =>
    (await buildSession(owner, { userId, expiresAt, endedAt })).id,
}

const kept = async () => [
  ...(await db.select({ id: events.id }).from(events)),
  ...(await db.select({ id: notices.id }).from(notices)),
  ...(await db.select({ id: mails.id }).from(mails)),
  ...(await db.select({ id: webhookDeliveries.id }).from(webhookDeliveries)),
  ...(await db.select({ id: sessions.id }).from(sessions)),
  ...(await db.select({ id: tokenFinds.id }).from(tokenFinds)),
  ...(await db.select().from(canaryRuns)).map(({ minute }) => ({ id: minute.toISOString() })),
  ...(await db.select().from(passwordResets)).map(({ hash }) => ({ id: hash.toString('hex') })),
]

test.each<[what: string, days: number, write: (at: Date) => Promise<unknown>]>([
  ['an event that was dispatched', 120, write.event],
  ['an inbox line that was read', 365, (at) => write.notice(at, new Date())],
  ['an inbox line that nobody read', 365, (at) => write.notice(at, null)],
  ['a mail', 90, write.mail],
  ['a webhook delivery that was taken', 30, (at) => write.delivery(at, 'delivered')],
  ['a webhook delivery that failed', 30, (at) => write.delivery(at, 'failed')],
  ['what the canary measured', 30, write.canaryRun],
  ['what set a new password', 1, write.reset],
  ['what somebody found in a text', 1, write.find],
  ['a session that expired', 30, (at) => write.session(at, null)],
  ['a session that was ended', 30, (at) => write.session(new Date(), at)],
])('%s goes after %i × 24 hours, not before', async (_, days, writeRow) => {
  const inside = await writeRow(new Date(daysAgo(days).getTime() + hourMs))
  const outside = await writeRow(new Date(daysAgo(days).getTime() - hourMs))
  expect(await kept()).toEqual(expect.arrayContaining([{ id: inside }, { id: outside }]))
  await pruneOldRows({ db, signal })
  expect(await kept()).toContainEqual({ id: inside })
  expect(await kept()).not.toContainEqual({ id: outside })
})

test('however old, an event that was not dispatched and a webhook that waits are kept', async () => {
  const waiting = [await write.event(null), await write.delivery(daysAgo(1_000), 'waiting')]
  await pruneOldRows({ db, signal })
  expect(await kept()).toEqual(expect.arrayContaining(waiting.map((id) => ({ id }))))
})

test('after a pruning no reminder goes out again while what it was about still is so', async () => {
  const { id: predecessorId } = await buildToken(owner, {
    ...{ ...pair, createdAt: daysAgo(300), expiresAt: new Date(Date.now() + hourMs) },
  })
  const { id } = await buildToken(owner, { ...pair, predecessorId, createdAt: daysAgo(30) })
  const remindedAt = daysAgo(13.9)
  await remind({ db, signal, now: remindedAt })
  await owner.update(events).set({ dispatchedAt: remindedAt }).where(eq(events.tokenId, id))
  await pruneOldRows({ db, signal })
  await remind({ db, signal })
  const kept = await db.select().from(events).where(eq(events.tokenId, id))
  expect(kept).toMatchObject([{ kind: 'token.not_adopted', dispatchedAt: remindedAt }])
})

test('a counter goes an hour after its window is over, not before, and not while somebody counts in it', async () => {
  const counter = async (key: string, expire: number | null) => {
    await owner.insert(rateLimitCounters).values({ key, points: 1, expire })
  }
  await counter('over', Date.now() - 1.1 * hourMs)
  await counter('counted in', Date.now() - 1.1 * hourMs)
  await counter('just over', Date.now() - 0.9 * hourMs)
  await counter('runs', Date.now() + hourMs)
  await counter('for ever', null)
  await owner.transaction(async (tx) => {
    await tx.update(rateLimitCounters).set({ points: 2 }).where(eq(rateLimitCounters.key, 'counted in'))
    await pruneOldRows({ db, signal })
  })
  const left = await db.select({ key: rateLimitCounters.key }).from(rateLimitCounters)
  expect(left.map(({ key }) => key).sort()).toEqual(['counted in', 'for ever', 'just over', 'runs'])
})

test('the ids of a plan that nobody confirmed stay for an hour longer than it can be confirmed', async () => {
  await buildToken(owner, pair)
  const { id, name } = await buildUser(owner)
  await addStoreMember(owner, { store: { id: pair.storeId }, user: { id }, role: 'owner' })
  const actor = {
    side: 'merchant',
    userId: id,
    userName: name,
    role: 'owner',
    storeId: pair.storeId,
  } as const
  const made = await freezePlan(actor, { chosen: '' }, { db })
  if (!made.ok) throw new Error(JSON.stringify(made.refusal))
  const idsAfter = async (age: string) => {
    await owner.$client.query(
      `begin; alter table bulk_plans disable trigger user;
       update bulk_plans set frozen_at = now() - interval '${age}' where id = '${made.value.planId}';
       alter table bulk_plans enable trigger user; commit`,
    )
    await pruneOldRows({ db, signal })
    const { rowCount } = await owner.$client.query('select from bulk_plan_tokens where plan_id = $1', [
      made.value.planId,
    ])
    return rowCount ?? 0
  }
  expect(await idsAfter('24 hours 50 minutes')).toBeGreaterThan(0)
  expect(await idsAfter('25 hours 1 s')).toBe(0)
})

test('answers that programs may ask for again are kept for a day', async () => {
  const of = { storeId: pair.storeId }
  const { id: credentialId } = await buildCredential(owner, { of, by: { id: userId, name: 'Owner' } })
  const write = async (createdAt: Date) => {
    const [keyHash, requestHash] = [randomBytes(32), randomBytes(32)]
    await owner.insert(idempotentRequests).values({ credentialId, keyHash, requestHash, createdAt })
    return keyHash
  }
  const kept = await write(new Date(Date.now() - 23 * hourMs))
  await write(daysAgo(1.1))
  await pruneOldRows({ db, signal })
  const left = await owner.select({ key: idempotentRequests.keyHash }).from(idempotentRequests)
  expect(left).toEqual([{ key: kept }])
})
