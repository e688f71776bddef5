import { randomUUID } from 'node:crypto'
import { asc, desc, eq, isNull, sql } from 'drizzle-orm'
import { beforeEach, expect, test } from 'vitest'
import { events } from '#db/schema/events.ts'
import { gatewayLeases } from '#db/schema/gateway-leases.ts'
import { mails } from '#db/schema/mails.ts'
import { notices } from '#db/schema/notices.ts'
import { tokenAdoptions } from '#db/schema/token-adoptions.ts'
import { users } from '#db/schema/users.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
  type PartnerRow,
  type StoreRow,
  type UserRow,
} from '#tools/seed/builders.ts'
import { untilBlocked } from '#tools/test-databases/blocked-queries.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { testKeys } from '../encryption/test-keyring.ts'
import { announce } from '../events/announce.ts'
import { removePartner } from '../partners/remove-partner.ts'
import { executeRetirements } from '../tokens/execute-retirements.ts'
import { issueToken } from '../tokens/issue.ts'
import type { Retirement } from '../tokens/model/retirement.ts'
import { revokeTokens } from '../tokens/revoke.ts'
import { renewToken } from '../tokens/test-renewal.ts'
import { dispatchEvents } from './dispatch-events.ts'
import { createRetryDelays } from './retry-delays.ts'
import { readSignedMails } from './unsubscribe-link.ts'

const { db, owner } = prepareTestDatabase()
const secret = 'only-for-the-tests-0123456789-0123456789'
let clockMs = 0
const logged: { eventIds: number[]; failures: number }[] = []
const tools = {
  ...{ db, baseUrl: 'https://tokens.example', secret },
  retryDelays: createRetryDelays({ nowMs: () => clockMs }),
  log: { error: (what: (typeof logged)[number]) => void logged.push(what) },
}

let store: StoreRow
let partner: PartnerRow
let merchant: UserRow
let colleague: UserRow
let desk: UserRow

beforeEach(async () => {
  while ((await dispatchEvents(tools)) > 0);
  store = await buildStore(owner, { name: 'Harbor Books' })
  partner = await buildPartner(owner, { name: 'Parcel Pilot, Inc.' })
  await grantAccess(owner, { store, partner })
  merchant = await buildUser(owner, { name: 'Owner of Harbor Books' })
  colleague = await buildUser(owner, { name: 'Office of Harbor Books' })
  desk = await buildUser(owner, { name: 'Desk of Parcel Pilot' })
  await addStoreMember(owner, { store, user: merchant })
  await addStoreMember(owner, { store, user: colleague, role: 'viewer' })
  await addPartnerMember(owner, { partner, user: desk })
})

const asMerchant = () => ({
  side: 'merchant' as const,
  role: 'owner' as const,
  userId: merchant.id,
  userName: merchant.name,
  storeId: store.id,
})
const mailsOf = (user: UserRow) =>
  db.select().from(mails).where(eq(mails.userId, user.id)).orderBy(asc(mails.id))
const noticesOf = (user: UserRow) =>
  db.select().from(notices).where(eq(notices.userId, user.id)).orderBy(asc(notices.id))
const makeToken = () => buildToken(owner, { storeId: store.id, partnerId: partner.id })

async function revoke(count: number) {
  const made = []
  for (let n = 0; n < count; n++) made.push(await makeToken())
  const revoked = await revokeTokens(
    asMerchant(),
    { tokenIds: made.map(({ id }) => id), extent: 'chosen', reason: 'exposed' },
    { db, address: null },
  )
  expect(revoked.ok).toBe(true)
  return made
}

test('a hundred tokens that are revoked together make one notice and one mail for a person', async () => {
  await revoke(100)
  await dispatchEvents(tools)
  const [notice, ...others] = await noticesOf(desk)
  expect(others).toEqual([])
  expect(notice).toMatchObject({
    ...{ side: 'partner', kind: 'token.revoked', tokenCount: 100, bySide: 'merchant', readAt: null },
    byUserName: merchant.name,
    details: { reason: 'exposed' },
  })
  const [mail, ...more] = await mailsOf(desk)
  expect(more).toEqual([])
  expect(mail?.subject).toBe('100 tokens of “Parcel Pilot, Inc.” for “Harbor Books” were revoked')
  expect(mail?.body).toContain('by “Owner of Harbor Books” (the merchant, owner).')
  expect(mail?.body).toContain('Reason: the token may have leaked.')
  expect(mail?.body).toContain(`https://tokens.example/partners/${partner.id}/tokens`)
})

test('a store whose id is spelled as the Partner ID keeps its own name, and the partner its own', async () => {
  const twin = await buildStore(owner, { id: partner.id, name: 'Harbor Toys' })
  await grantAccess(owner, { store: twin, partner })
  await addStoreMember(owner, { store: twin, user: merchant })
  const { id } = await buildToken(owner, { storeId: twin.id, partnerId: partner.id })
  const asTwin = { ...asMerchant(), storeId: twin.id }
  await revokeTokens(asTwin, { tokenIds: [id], extent: 'chosen', reason: 'exposed' }, { db, address: null })
  await dispatchEvents(tools)
  const [mail] = await mailsOf(desk)
  expect(mail?.subject).toBe('The token of “Parcel Pilot, Inc.” for “Harbor Toys” was revoked')
})

test('who did it finds it in the inbox, read, and gets no mail about it', async () => {
  const [token] = await revoke(1)
  await dispatchEvents(tools)
  expect(await mailsOf(merchant)).toEqual([])
  expect(await noticesOf(merchant)).toMatchObject([{ tokenId: token?.id, readAt: expect.any(Date) }])
  const [mail] = await mailsOf(colleague)
  expect(mail?.body).toContain(
    `https://tokens.example/stores/${store.id}/real-time-links/api-settings/${token?.id}`,
  )
})

test('nobody else is notified: not a disabled member, not another store, not another partner', async () => {
  const disabled = await buildUser(owner, { disabledAt: new Date() })
  await addStoreMember(owner, { store, user: disabled })
  const [stranger, other] = [await buildUser(owner), await buildUser(owner)]
  await addStoreMember(owner, { store: await buildStore(owner), user: stranger })
  await addPartnerMember(owner, { partner: await buildPartner(owner), user: other })
  await revoke(1)
  await dispatchEvents(tools)
  for (const user of [disabled, stranger, other]) {
    expect([...(await noticesOf(user)), ...(await mailsOf(user))]).toEqual([])
  }
})

test('who does not want mails of a kind finds it in the inbox all the same', async () => {
  await owner
    .update(users)
    .set({ mutedMails: ['token.revoked'] })
    .where(eq(users.id, desk.id))
  await revoke(1)
  await dispatchEvents(tools)
  expect(await noticesOf(desk)).toHaveLength(1)
  expect(await mailsOf(desk)).toEqual([])
})

test('a member of both sides gets one mail, and a notice on each side', async () => {
  const both = await buildUser(owner, { name: 'Bookkeeper of both' })
  await addStoreMember(owner, { store, user: both })
  await addPartnerMember(owner, { partner, user: both })
  await revoke(2)
  await dispatchEvents(tools)
  expect(await mailsOf(both)).toHaveLength(1)
  expect((await noticesOf(both)).map(({ side }) => side).sort()).toEqual(['merchant', 'partner'])
})

test('an event is dispatched once, however many workers look at the same time', async () => {
  await revoke(3)
  const done = await Promise.all(Array.from({ length: 8 }, () => dispatchEvents(tools)))
  expect(done.reduce((sum, count) => sum + count, 0)).toBe(3)
  expect(await mailsOf(desk)).toHaveLength(1)
  expect(await dispatchEvents(tools)).toBe(0)
})

test('while one worker dispatches nobody else does, so that no operation is dispatched in two halves', async () => {
  await revoke(3)
  const holder = await owner.$client.connect()
  try {
    await holder.query('begin')
    await holder.query('lock table notices in exclusive mode')
    const first = dispatchEvents(tools)
    await untilBlocked(owner)
    await revoke(2)
    expect(await dispatchEvents(tools)).toBe(0)
    await holder.query('commit')
    expect(await first).toBe(3)
  } finally {
    holder.release(true)
  }
  expect((await noticesOf(desk)).map(({ tokenCount }) => tokenCount)).toEqual([3])
  expect(await dispatchEvents(tools)).toBe(2)
  expect((await noticesOf(desk)).map(({ tokenCount }) => tokenCount)).toEqual([3, 2])
  expect(await mailsOf(desk)).toHaveLength(2)
})

test('what fails on the way is dispatched whole the next time', async () => {
  await revoke(1)
  const broken = {
    ...tools,
    get baseUrl(): string {
      throw new Error('broken')
    },
  }
  expect(await dispatchEvents(broken)).toBe(1)
  expect(await noticesOf(desk)).toEqual([])
  clockMs += 5_000
  expect(await dispatchEvents(tools)).toBe(1)
  expect(await noticesOf(desk)).toHaveLength(1)
  expect(await mailsOf(desk)).toHaveLength(1)
})

/** Its mail cannot be written. */
async function announceUntellable() {
  const details = { collectUntil: 'no date' }
  const pair = { storeId: store.id, partnerId: partner.id }
  await announce(db, [{ kind: 'token.not_collected', occurredAt: new Date(), ...pair, details, by: null }])
  const [event] = await db.select().from(events).orderBy(desc(events.id)).limit(1)
  if (!event) throw new Error('nothing was announced')
  return event
}
const mendEvent = (id: number) => owner.update(events).set({ details: null }).where(eq(events.id, id))
const undispatched = async () =>
  (await db.select().from(events).where(isNull(events.dispatchedAt)).orderBy(asc(events.id))).map(
    ({ id }) => id,
  )

test('an event that cannot be dispatched holds up no other, is logged by its id, and stays', async () => {
  logged.length = 0
  await revoke(1)
  const first = await announceUntellable()
  await revoke(2)
  const second = await announceUntellable()
  await revoke(1)
  expect(await dispatchEvents(tools)).toBe(6)
  expect(await mailsOf(desk)).toHaveLength(3)
  expect(await noticesOf(desk)).toHaveLength(3)
  expect(logged.map(({ eventIds }) => eventIds)).toEqual([[first.id], [second.id]])
  expect(await undispatched()).toEqual([first.id, second.id])
  for (const { id } of [first, second]) await mendEvent(id)
  clockMs += 5_000
  expect(await dispatchEvents(tools)).toBe(2)
  expect(await mailsOf(desk)).toHaveLength(5)
  expect(await undispatched()).toEqual([])
})

test('what cannot be dispatched is tried ever more rarely, and dispatched once when it can be', async () => {
  logged.length = 0
  const { id } = await announceUntellable()
  expect(await dispatchEvents(tools)).toBe(1)
  expect(await dispatchEvents(tools)).toBe(0)
  clockMs += 5_000
  expect(await dispatchEvents(tools)).toBe(1)
  clockMs += 5_000
  expect(await dispatchEvents(tools)).toBe(0)
  clockMs += 5_000
  expect(await dispatchEvents(tools)).toBe(1)
  expect(logged.map(({ failures }) => failures)).toEqual([1, 2, 3])
  await mendEvent(id)
  clockMs += 20_000
  expect(await dispatchEvents(tools)).toBe(1)
  expect(await dispatchEvents(tools)).toBe(0)
  expect(await mailsOf(desk)).toHaveLength(1)
})

test('more events that cannot be dispatched than are taken at once do not starve the next one', async () => {
  const details = { collectUntil: 'no date' }
  const pair = { storeId: store.id, partnerId: partner.id }
  const untellable = {
    kind: 'token.not_collected',
    occurredAt: new Date(),
    ...pair,
    details,
    by: null,
  } as const
  await announce(
    db,
    Array.from({ length: 600 }, () => untellable),
  )
  await revoke(1)
  while ((await dispatchEvents(tools)) > 0);
  expect(await mailsOf(desk)).toHaveLength(1)
  await owner.delete(events).where(isNull(events.dispatchedAt))
})

test('a database that goes away while dispatching is no event’s fault', async () => {
  logged.length = 0
  await revoke(1)
  const broken = {
    ...tools,
    get baseUrl(): string {
      throw Object.assign(new Error('gone'), { code: '57P01' })
    },
  }
  await expect(dispatchEvents(broken)).rejects.toThrow('gone')
  expect(logged).toEqual([])
  expect(await dispatchEvents(tools)).toBe(1)
})

test('nobody is notified while a gateway with a lease may not know of it', async () => {
  await issueToken(asMerchant(), { partnerId: partner.id }, { db, address: null, keys: testKeys })
  await owner.insert(gatewayLeases).values({ id: randomUUID(), lengthMs: 300 })
  const dispatching = dispatchEvents(tools)
  const now = async () => {
    const { rows } = await owner.execute<{ notices: number; leases: number }>(sql`
      select (select count(*)::int from ${notices} where user_id = ${colleague.id}) as notices,
        (select count(*)::int from ${gatewayLeases}) as leases`)
    return rows[0] ?? { notices: 0, leases: 0 }
  }
  const seen = []
  do seen.push(await now())
  while (seen.at(-1)?.notices === 0)
  await dispatching
  expect(seen[0]).toEqual({ notices: 0, leases: 1 })
  expect(seen.at(-1)?.leases).toBe(0)
})

test('an operation of more events than are taken at once is notified of with all of them, however many workers look', async () => {
  const occurredAt = new Date()
  const pair = { storeId: store.id, partnerId: partner.id }
  const token = await makeToken()
  await db.transaction((tx) =>
    announce(
      tx,
      Array.from({ length: 800 }, () => ({
        ...{ kind: 'token.expired' as const, occurredAt, ...pair, tokenId: token.id, by: null },
      })),
    ),
  )
  const counts = await Promise.all(Array.from({ length: 4 }, () => dispatchEvents(tools)))
  expect(counts.filter((count) => count > 0)).toEqual([800])
  expect(await noticesOf(desk)).toMatchObject([{ tokenCount: 800 }])
})

test('a retirement by itself is announced as planned, to who planned it too', async () => {
  const { oldId, successorId } = await renewedBy({ when: 'adopted' })
  await owner.insert(tokenAdoptions).values({ tokenId: successorId, adoptedAt: new Date() })
  expect(await executeRetirements({ db })).toEqual({ retired: 1, dropped: 0 })
  await dispatchEvents(tools)
  expect((await noticesOf(merchant)).at(-1)).toMatchObject({
    ...{ kind: 'token.revoked', tokenId: oldId, details: { by: 'plan' }, readAt: null },
  })
  for (const user of [merchant, desk]) {
    const mail = (await mailsOf(user)).at(-1)
    expect(mail?.subject).toBe('The token of “Parcel Pilot, Inc.” for “Harbor Books” was revoked')
    const account = user === merchant ? merchant.email : 'the merchant, owner'
    expect(mail?.body).toContain(`ended itself, as “Owner of Harbor Books” (${account}) had planned.`)
  }
})

test('the mail about a renewal says when the old token ends', async () => {
  const advice = async (retirement: Retirement) => {
    await renewedBy(retirement)
    return (await mailsOf(desk)).at(-1)?.body
  }
  expect(await advice({ when: 'never' })).toContain('The old token works until its own expiry')
  expect(await advice({ when: 'adopted' })).toContain(
    'The old token ends itself as soon as the new one is first used',
  )
  const dated = await advice({ when: 'on-date', retireAt: new Date('2030-05-06T07:08:00.000Z') })
  expect(dated).toMatch(/The old token ends itself on .*May.* 2030/)
  expect(dated).not.toContain('its own expiry')
})

async function renewedBy(retirement: Retirement) {
  const [oldEnd, newEnd] = [new Date('2031-01-01T00:00:00.000Z'), new Date('2031-02-01T00:00:00.000Z')]
  const old = await buildToken(owner, { storeId: store.id, partnerId: partner.id, expiresAt: oldEnd })
  const choice = { tokenId: old.id, expiresAt: newEnd, retirement }
  const renewed = await renewToken(asMerchant(), choice, { db, address: null, keys: testKeys })
  if (!renewed.ok) throw new Error(JSON.stringify(renewed.refusal))
  await dispatchEvents(tools)
  return { oldId: old.id, successorId: renewed.value.id }
}

test('who wants no mail that a partner was removed is notified by mail that its tokens are revoked', async () => {
  await owner
    .update(users)
    .set({ mutedMails: ['partner.removed'] })
    .where(eq(users.id, desk.id))
  await makeToken()
  await removePartner(asMerchant(), { partnerId: partner.id }, { db, address: null })
  await dispatchEvents(tools)
  expect((await mailsOf(desk)).map(({ subject }) => subject)).toEqual([
    'The token of “Parcel Pilot, Inc.” for “Harbor Books” was revoked',
  ])
})

test('who is notified that a partner was removed gets no second mail about its tokens', async () => {
  await makeToken()
  await removePartner(asMerchant(), { partnerId: partner.id }, { db, address: null })
  await dispatchEvents(tools)
  expect((await mailsOf(desk)).map(({ subject }) => subject)).toEqual([
    'The partner “Parcel Pilot, Inc.” was removed from “Harbor Books”',
  ])
  expect(new Set((await noticesOf(desk)).map(({ kind }) => kind))).toEqual(
    new Set(['partner.removed', 'token.revoked']),
  )
})

test('of tokens that expire together only what is true of all is said', async () => {
  const [one, other] = [await makeToken(), await makeToken()]
  const about = {
    ...{ storeId: store.id, partnerId: partner.id, by: null, occurredAt: new Date() },
    kind: 'token.expiring' as const,
  }
  const unused = { successor: 'unused', successorId: other.id }
  const write = (events: Parameters<typeof announce>[1]) => db.transaction((tx) => announce(tx, events))
  await write([
    { ...about, tokenId: one.id, details: { days: '7', ...unused } },
    { ...about, tokenId: other.id, details: { days: '7' } },
  ])
  await write([{ ...about, tokenId: one.id, details: { days: '1', ...unused } }])
  await dispatchEvents(tools)
  expect((await noticesOf(desk)).map(({ details }) => details)).toEqual([
    { days: '7' },
    { days: '1', ...unused },
  ])
  const [both, alone] = await mailsOf(desk)
  expect(both?.body).toContain('Renew it, and install the new token before then.')
  expect(both?.body).not.toContain('not in use yet')
  expect(alone?.body).toContain('The token that renewed it is not in use yet.')
  expect(alone?.body).toContain('Install the new token before then.')
})

test('a renewal is notified of as one thing, and the event is marked as dispatched', async () => {
  const issued = await issueToken(
    asMerchant(),
    { partnerId: partner.id },
    { db, address: null, keys: testKeys },
  )
  if (!issued.ok) throw new Error(JSON.stringify(issued.refusal))
  await dispatchEvents(tools)
  const choice = { tokenId: issued.value.id }
  await renewToken(asMerchant(), choice, { db, address: null, keys: testKeys })
  await dispatchEvents(tools)
  expect((await noticesOf(desk)).map(({ kind }) => kind)).toEqual(['token.issued', 'token.renewed'])
  expect((await mailsOf(desk)).map(({ subject }) => subject)).toEqual([
    'A new token was issued to “Parcel Pilot, Inc.” for “Harbor Books”',
    'The token of “Parcel Pilot, Inc.” for “Harbor Books” was renewed',
  ])
  const rows = await db.select().from(events).where(eq(events.storeId, store.id))
  expect(rows.every(({ dispatchedAt }) => dispatchedAt !== null)).toBe(true)
})

test('every mail can be stopped by a link that we signed for its person and kind', async () => {
  await revoke(1)
  await dispatchEvents(tools)
  const [mail] = await mailsOf(desk)
  const link = new URL(mail?.unsubscribeUrl ?? '')
  expect(link.pathname).toBe('/unsubscribe/one-click')
  expect(readSignedMails(link.searchParams.get('mails'), secret)).toEqual({
    userId: desk.id,
    kind: 'token.revoked',
  })
  expect(mail?.body).toContain(link.href)
})
