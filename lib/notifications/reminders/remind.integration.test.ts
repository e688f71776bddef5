import { asc, eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { events } from '#db/schema/events.ts'
import { handovers } from '#db/schema/handovers.ts'
import { mails } from '#db/schema/mails.ts'
import { retirementPlans } from '#db/schema/retirement-plans.ts'
import { tokenAdoptions } from '#db/schema/token-adoptions.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
  type TokenOptions,
} from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { log } from '../../process/log.ts'
import { dayMs } from '../../time/units.ts'
import { dispatchEvents } from '../dispatch-events.ts'
import { createRetryDelays } from '../retry-delays.ts'
import { createReminders, remind } from './remind.ts'

const { db, owner } = prepareTestDatabase()
const start = new Date('2027-03-01T09:00:00.000Z')
const days = (count: number) => new Date(start.getTime() + count * dayMs)
const remindAt = (now: Date) => remind({ db, now, signal: new AbortController().signal })

/** A token of a pair of its own, made two years ago by default. */
async function makeToken(options: Partial<TokenOptions> = {}) {
  const [store, partner] = [await buildStore(owner), await buildPartner(owner)]
  await grantAccess(owner, { store, partner })
  const pair = { storeId: store.id, partnerId: partner.id }
  const token = await buildToken(owner, { ...pair, createdAt: days(-730), ...options })
  return { ...pair, id: token.id }
}

/** What renewed the token, made three days ago by default. */
async function makeSuccessor(
  { id, ...pair }: Awaited<ReturnType<typeof makeToken>>,
  { adoptedAt, ...options }: Partial<TokenOptions> & { adoptedAt?: Date },
) {
  const dates = { createdAt: days(-3), expiresAt: days(365) }
  const successor = await buildToken(owner, { ...pair, ...dates, predecessorId: id, ...options })
  if (adoptedAt) await owner.insert(tokenAdoptions).values({ tokenId: successor.id, adoptedAt })
  return { ...pair, id: successor.id }
}

const announced = async ({ id }: { id: string }) =>
  (await db.select().from(events).where(eq(events.tokenId, id)).orderBy(asc(events.id))).map(
    ({ kind, details }) => (details?.days ? `${kind} ${details.days}` : kind),
  )

async function revoked() {
  return { side: 'merchant' as const, by: await buildUser(owner), revokedAt: days(-1) }
}

test('a token is reminded on each of the four days before its expiry, and when it has expired, once each', async () => {
  const token = await makeToken({ expiresAt: days(100) })
  // At midnight it is nine hours before the hour of the expiry.
  const midnight = -9 / 24
  const expected: [now: number, list: string[]][] = [
    [40 + midnight - 0.001, []],
    [40 + midnight, ['token.expiring 60']],
    [70 + midnight - 0.001, ['token.expiring 60']],
    [70 + midnight, ['token.expiring 60', 'token.expiring 30']],
    [93 + midnight, ['token.expiring 60', 'token.expiring 30', 'token.expiring 7']],
    [99 + midnight - 0.001, ['token.expiring 60', 'token.expiring 30', 'token.expiring 7']],
    [99 + midnight, ['token.expiring 60', 'token.expiring 30', 'token.expiring 7', 'token.expiring 1']],
    [
      100,
      ['token.expiring 60', 'token.expiring 30', 'token.expiring 7', 'token.expiring 1', 'token.expired'],
    ],
  ]
  for (const [now, list] of expected) {
    await remindAt(days(now))
    await remindAt(days(now))
    expect(await announced(token), `on day ${now}`).toEqual(list)
  }
})

test('all tokens that expire on one day in UTC are notified of in one go, in whatever hour', async () => {
  const midnight = new Date('2028-06-15T00:00:00.000Z').getTime()
  const at = (ms: number) => makeToken({ expiresAt: new Date(midnight + ms) })
  const ofTheDay = [await at(0), await at(dayMs / 2), await at(dayMs - 1)]
  const nextDay = await at(dayMs)
  for (const daysBefore of [60, 30, 7, 1]) {
    const now = new Date(midnight - daysBefore * dayMs + 60_000)
    expect(await remindAt(now)).toBe(3)
    expect(await remindAt(new Date(now.getTime() + dayMs - 120_000))).toBe(0)
    for (const token of ofTheDay) expect((await announced(token)).at(-1)).toBe(`token.expiring ${daysBefore}`)
    const { rows } = await owner.$client.query(
      `select distinct operation_id from events where token_id = any($1) and details->>'days' = $2`,
      [ofTheDay.map(({ id }) => id), `${daysBefore}`],
    )
    expect(rows).toHaveLength(1)
    await remindAt(new Date(now.getTime() + dayMs))
    expect((await announced(nextDay)).at(-1)).toBe(`token.expiring ${daysBefore}`)
  }
})

test('a reminder of 1,201 tokens of as many stores is one mail to a person of their partner, and one to each store’s', async () => {
  const partner = await buildPartner(owner)
  const desk = await buildUser(owner)
  await addPartnerMember(owner, { partner, user: desk })
  const [store, seller] = [await buildStore(owner), await buildUser(owner)]
  await addStoreMember(owner, { store, user: seller })
  await owner.$client.query(
    `with made as (
       insert into stores (id, name, package)
       select 'many-' || n, 'Store ' || n, 'standard' from generate_series(1, 1200) n returning id, name
     ), here as (select id, name from made union all select id, name from stores where id = $2),
     listed as (
       insert into partner_access (store_id, partner_id, store_name, partner_name, apis)
       select here.id, partners.id, here.name, partners.name, '{order}'
       from here join partners on partners.id = $1 returning store_id
     )
     insert into tokens (id, hash, last_characters, store_id, partner_id, created_at, expires_at)
     select gen_random_uuid(), sha256(('many' || store_id)::bytea), 'aaaa', store_id, $1, $3, $4 from listed`,
    [partner.id, store.id, days(6_000), days(7_000)],
  )
  expect(await remindAt(days(6_993))).toBe(1201)
  const tools = {
    db,
    log,
    retryDelays: createRetryDelays(),
    baseUrl: 'https://tokens.example',
    secret: 'x'.repeat(40),
  }
  while ((await dispatchEvents(tools)) > 0);
  const mailsOf = (user: { id: string }) => db.select().from(mails).where(eq(mails.userId, user.id))
  const [mail, ...more] = await mailsOf(desk)
  expect(more).toEqual([])
  expect(mail?.subject).toBe('1201 tokens expire within 7 days')
  expect(mail?.body?.match(/The token ending in aaaa of /g)).toHaveLength(25)
  expect(mail?.body).toContain(
    'And 1176 more. Your inbox shows them all:\nhttps://tokens.example/partner-inbox\n',
  )
  expect(await mailsOf(seller)).toHaveLength(1)
})

test('when no worker ran for a week only the nearest reminder is sent', async () => {
  const token = await makeToken({ expiresAt: days(8) })
  // Due meanwhile: the one of 7 days, and the one of the last.
  await remindAt(days(7.5))
  expect(await announced(token)).toEqual(['token.expiring 1'])
  const late = await makeToken({ expiresAt: days(20) })
  await remindAt(days(0))
  expect(await announced(late)).toEqual([])
})

test('a token that was made for a month is not announced to expire within two', async () => {
  const token = await makeToken({ createdAt: days(-1), expiresAt: days(29) })
  await remindAt(days(0))
  expect(await announced(token)).toEqual([])
  await remindAt(days(22))
  expect(await announced(token)).toEqual(['token.expiring 7'])
})

test('no token is announced to expire on the day on which it is made', async () => {
  for (const lifetime of [1.5, 7.5, 30.5, 60.5]) {
    const token = await makeToken({ createdAt: days(200), expiresAt: days(200 + lifetime) })
    await remindAt(days(200.1))
    expect(await announced(token), `made for ${lifetime} days`).toEqual([])
  }
})

test('tokens that are revoked, or whose successor is in use, are not reminded; when the successor is revoked, the original is again', async () => {
  const gone = await makeToken({ expiresAt: days(6), revocation: await revoked() })
  const renewed = await makeToken({ expiresAt: days(6) })
  await makeSuccessor(renewed, { adoptedAt: days(-0.2) })
  const again = await makeToken({ expiresAt: days(6) })
  const { id: predecessorId, ...itsPair } = again
  await buildToken(owner, {
    ...itsPair,
    predecessorId,
    createdAt: days(-3),
    expiresAt: days(365),
    revocation: await revoked(),
  })
  await remindAt(days(0))
  expect(await announced(gone)).toEqual([])
  expect(await announced(renewed)).toEqual([])
  expect(await announced(again)).toEqual(['token.expiring 7'])
  await remindAt(days(6))
  expect(await announced(renewed)).toEqual([])
})

test('a token whose successor was replaced by its own is not reminded once one of them was used', async () => {
  const token = await makeToken({ expiresAt: days(6) })
  const { id, ...pair } = token
  const later = { ...pair, createdAt: days(-3), expiresAt: days(365) }
  const revocation = { ...(await revoked()), reason: 'replaced' as const }
  const successor = await buildToken(owner, { ...later, predecessorId: id, revocation })
  await buildToken(owner, { ...later, predecessorId: successor.id })
  await owner.insert(tokenAdoptions).values({ tokenId: successor.id, adoptedAt: days(-2) })
  await remindAt(days(0))
  expect(await announced(token)).toEqual([])
})

test('a token whose successor nobody uses is reminded to its end, and which one waits is said', async () => {
  const token = await makeToken({ expiresAt: days(40) })
  const successor = await makeSuccessor(token, {})
  for (const day of [10, 33, 39, 40]) await remindAt(days(day))
  expect(await announced(token)).toEqual([
    'token.expiring 30',
    'token.expiring 7',
    'token.expiring 1',
    'token.expired',
  ])
  const rows = await db.select().from(events).where(eq(events.tokenId, token.id))
  for (const { details } of rows) {
    expect(details).toMatchObject({ successor: 'unused', successorId: successor.id })
  }
})

test('a token whose successor has expired is New again, and reminded as such', async () => {
  const token = await makeToken({ expiresAt: days(40) })
  await makeSuccessor(token, { expiresAt: days(5), adoptedAt: days(1) })
  await remindAt(days(4))
  expect(await announced(token)).toEqual([])
  for (const day of [10, 33, 39, 40]) await remindAt(days(day))
  expect(await announced(token)).toEqual([
    'token.expiring 30',
    'token.expiring 7',
    'token.expiring 1',
    'token.expired',
  ])
  const rows = await db.select().from(events).where(eq(events.tokenId, token.id))
  expect(rows.map(({ details }) => details?.successor)).toEqual([undefined, undefined, undefined, undefined])
})

test('before a planned retirement it is announced in time that nobody uses the successor', async () => {
  const old = await makeToken({ expiresAt: days(300) })
  const successor = await makeSuccessor(old, { createdAt: days(0) })
  const user = await buildUser(owner)
  const plan = { tokenId: old.id, successorId: successor.id, userId: user.id, side: 'merchant' as const }
  await owner.insert(retirementPlans).values({ ...plan, plannedAt: days(0), retireAt: days(40) })
  for (const [day, count] of [
    [7, 1],
    [25.9, 1],
    [26, 2],
    [39, 2],
  ] as const) {
    await remindAt(days(day))
    expect(await announced(successor), `on day ${day}`).toEqual(Array(count).fill('token.not_adopted'))
  }
  const rows = await db.select().from(events).where(eq(events.tokenId, successor.id))
  for (const { details } of rows) {
    expect(new Date(details?.predecessorEndsAt ?? '')).toEqual(days(40))
    expect(details).toMatchObject({ endsBy: 'plan' })
  }
})

test('what a plan ends before its expiry is announced by its successor, not by the later day', async () => {
  const old = await makeToken({ expiresAt: days(30) })
  const successor = await makeSuccessor(old, { createdAt: days(-2) })
  const user = await buildUser(owner)
  const plan = { tokenId: old.id, successorId: successor.id, userId: user.id, side: 'merchant' as const }
  await owner.insert(retirementPlans).values({ ...plan, plannedAt: days(-2), retireAt: days(13) })
  await remindAt(days(0))
  expect([await announced(old), await announced(successor)]).toEqual([[], ['token.not_adopted']])
})

test('of a successor that was renewed itself, and whose own successor is in use, nobody is notified', async () => {
  const old = await makeToken({ expiresAt: days(10) })
  const lost = await makeSuccessor(old, { createdAt: days(-10) })
  const last = await makeSuccessor(lost, { createdAt: days(-5) })
  const control = await makeToken({ expiresAt: days(10) })
  const unused = await makeSuccessor(control, { createdAt: days(-10) })
  await owner.insert(tokenAdoptions).values({ tokenId: last.id, adoptedAt: days(-4) })
  await remindAt(days(0))
  expect([await announced(lost), await announced(unused)]).toEqual([[], ['token.not_adopted']])
})

test('a plan that was cancelled ends nothing', async () => {
  const old = await makeToken({ expiresAt: days(300) })
  const successor = await makeSuccessor(old, { createdAt: days(0) })
  const user = await buildUser(owner)
  const plan = { tokenId: old.id, successorId: successor.id, userId: user.id, side: 'merchant' as const }
  const dates = { plannedAt: days(0), retireAt: days(40), settledAt: days(1) }
  await owner.insert(retirementPlans).values({ ...plan, ...dates })
  await remindAt(days(26))
  expect(await announced(successor)).toEqual([])
  await remindAt(days(286))
  const rows = await db.select().from(events).where(eq(events.tokenId, successor.id))
  expect(rows.map(({ details }) => [new Date(details?.predecessorEndsAt ?? ''), details?.endsBy])).toEqual([
    [days(300), 'expiry'],
  ])
})

test('without a time of its own it goes by the clock of the database', async () => {
  const fromNow = (count: number) => new Date(Date.now() + count * dayMs)
  const token = await makeToken({ createdAt: fromNow(-100), expiresAt: fromNow(6) })
  const later = await makeToken({ createdAt: fromNow(-100), expiresAt: fromNow(8.5) })
  await remind({ db, signal: new AbortController().signal })
  expect(await announced(token)).toEqual(['token.expiring 7'])
  expect(await announced(later)).toEqual([])
})

test('a text that nobody collects is announced after seven days and on its last day', async () => {
  const token = await makeToken({ createdAt: days(0), expiresAt: days(365) })
  const collected = await makeToken({ createdAt: days(0), expiresAt: days(365) })
  const user = await buildUser(owner)
  await owner.insert(handovers).values([
    { tokenId: token.id, encryptedText: 'k.n.e', collectUntil: days(14) },
    {
      ...{ tokenId: collected.id, collectUntil: days(14) },
      ...{ collectedAt: days(1), collectedFrom: 'partner' as const, collectedBy: user.id },
    },
  ])
  const expected: [now: number, count: number][] = [
    ...([
      [6.99, 0],
      [7, 1],
      [12.99, 1],
      [13, 2],
      [14, 2],
    ] as [number, number][]),
  ]
  for (const [now, count] of expected) {
    await remindAt(days(now))
    expect(await announced(token), `on day ${now}`).toEqual(Array(count).fill('token.not_collected'))
  }
  expect(await announced(collected)).toEqual([])
})

test('a successor that nobody uses is announced after seven days, and when the old one has 14 left', async () => {
  const old = await makeToken({ expiresAt: days(60) })
  const { id, ...pair } = old
  const successor = await buildToken(owner, {
    ...pair,
    predecessorId: id,
    createdAt: days(0),
    expiresAt: days(400),
  })
  const expected: [now: number, count: number][] = [
    ...([
      [6.99, 0],
      [7, 1],
      [45.99, 1],
      [46, 2],
      [59, 2],
      [60, 2],
    ] as [number, number][]),
  ]
  for (const [now, count] of expected) {
    await remindAt(days(now))
    expect(await announced(successor), `on day ${now}`).toEqual(Array(count).fill('token.not_adopted'))
  }
})

test('a successor that is in use is not announced, nor one made yesterday', async () => {
  const used = await makeToken({ expiresAt: days(10) })
  const { id, ...pair } = used
  const successor = await buildToken(owner, {
    ...pair,
    predecessorId: id,
    createdAt: days(-20),
    expiresAt: days(400),
  })
  await owner.insert(tokenAdoptions).values({ tokenId: successor.id, adoptedAt: days(-1) })
  const fresh = await makeToken({ expiresAt: days(10) })
  const { id: freshId, ...freshPair } = fresh
  const young = await buildToken(owner, {
    ...freshPair,
    predecessorId: freshId,
    createdAt: days(-0.9),
    expiresAt: days(400),
  })
  await remindAt(days(0))
  expect(await announced(successor)).toEqual([])
  expect(await announced(young)).toEqual([])
  await remindAt(days(0.2))
  expect(await announced(young)).toEqual(['token.not_adopted'])
})

test('more tokens than are taken at once are all reminded, once', async () => {
  const { id: _, ...pair } = await makeToken({ expiresAt: days(4_000) })
  await owner.$client.query(
    `insert into tokens (id, hash, last_characters, store_id, partner_id, created_at, expires_at)
     select gen_random_uuid(), sha256(n::text::bytea), 'aaaa', $1, $2, $3, $4 from generate_series(1, 10001) n`,
    [pair.storeId, pair.partnerId, days(2_000), days(3_000)],
  )
  expect(await remindAt(days(2_970))).toBe(10_001)
  expect(await remindAt(days(2_970))).toBe(0)
})

test('a walk from minute to minute tells the same as a walk of everything, once each', async () => {
  const user = await buildUser(owner)
  const offset = 10_000
  const from = days(offset)
  const at = (minute: number, more = 0) => new Date(from.getTime() + minute * 60_000 + more * dayMs)
  const token = (expiresAt: Date) => makeToken({ createdAt: days(offset - 300), expiresAt })
  const expiring = await token(new Date(Math.floor(at(0, 8).getTime() / dayMs) * dayMs))
  const expired = await token(at(2))
  const lapsing = await token(at(0, 300))
  const collectUntil = at(3, 7)
  await owner.insert(handovers).values({ tokenId: lapsing.id, encryptedText: 'k.n.e', collectUntil })
  const old = await token(at(0, 200))
  const unused = await makeSuccessor(old, { createdAt: at(4, -7), expiresAt: at(0, 400) })
  const ending = await token(at(5, 14))
  const unusedOfEnding = await makeSuccessor(ending, { createdAt: at(0, -3), expiresAt: at(0, 400) })
  const planned = await token(at(0, 200))
  const ofPlan = await makeSuccessor(planned, { createdAt: at(0, -3), expiresAt: at(0, 400) })
  const plan = { tokenId: planned.id, successorId: ofPlan.id, userId: user.id, side: 'merchant' as const }
  await owner.insert(retirementPlans).values({ ...plan, plannedAt: at(0, -3), retireAt: at(6, 14) })
  const all = [expiring, expired, lapsing, unused, unusedOfEnding, ofPlan]
  const announcedOfAll = () => Promise.all(all.map(announced))
  const signal = new AbortController().signal
  const step = (minute: number, more = 0) =>
    remind({ db, signal, now: at(minute, more), since: at(minute - 2, more) })

  const seen: string[][][] = []
  for (let minute = 0; minute <= 7; minute++) {
    await step(minute)
    seen.push(await announcedOfAll())
  }
  const firstAnnounced = all.map((_, n) => seen.findIndex((list) => (list[n]?.length ?? 0) > 0))
  expect(firstAnnounced).toEqual([-1, 2, 3, 4, 5, 6])
  await step(24 * 60 - 9 * 60, 0)
  expect(await announced(expiring)).toEqual(['token.expiring 7'])
  const before = await announcedOfAll()
  await remindAt(at(7))
  expect(await announcedOfAll()).toEqual(before)
})

test('a walk from minute to minute leaves out what fell due before; what another event made due is announced by the walk of everything', async () => {
  const offset = 20_000
  const token = await makeToken({ createdAt: days(offset - 300), expiresAt: days(offset + 6) })
  const { id: predecessorId, ...pair } = token
  const successor = { ...pair, predecessorId, createdAt: days(offset - 3), expiresAt: days(offset + 365) }
  await buildToken(owner, { ...successor, revocation: await revoked() })
  const now = days(offset)
  const signal = new AbortController().signal
  await remind({ db, signal, now, since: new Date(now.getTime() - 60_000) })
  expect(await announced(token)).toEqual([])
  await remindAt(now)
  expect(await announced(token)).toEqual(['token.expiring 7'])
})

test('the first walk of a process is one of everything, the next ones are of what fell due since', async () => {
  const signal = new AbortController().signal
  const reminders = createReminders({ db, signal })
  const fromNow = (count: number) => new Date(Date.now() + count * dayMs)
  const due = () => makeToken({ createdAt: fromNow(-100), expiresAt: fromNow(6) })
  const first = await due()
  await reminders.remindOfDue()
  expect(await announced(first)).toEqual(['token.expiring 7'])
  const second = await due()
  const expired = await makeToken({ createdAt: fromNow(-100), expiresAt: fromNow(0) })
  await reminders.remindOfDue()
  expect([await announced(second), await announced(expired)]).toEqual([[], ['token.expired']])
  await reminders.remindOfAll()
  expect(await announced(second)).toEqual(['token.expiring 7'])
})
