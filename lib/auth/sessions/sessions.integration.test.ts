import { eq } from 'drizzle-orm'
import { v4 } from 'uuid'
import { expect, test } from 'vitest'
import { auditEvents } from '#db/schema/audit-events.ts'
import { sessions } from '#db/schema/sessions.ts'
import { users } from '#db/schema/users.ts'
import { buildUser } from '#tools/seed/builders.ts'
import { untilBlocked } from '#tools/test-databases/blocked-queries.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { dayMs, minuteMs } from '../../time/units.ts'
import { endOtherSessions, endSession, signOut } from './end-sessions.ts'
import { listSessions } from './list-sessions.ts'
import { openSession } from './open-session.ts'
import type { SignedIn } from './signed-in.ts'
import { startSession } from './start-session.ts'

const address = '192.0.2.9'

const { db, owner } = prepareTestDatabase()

const after = (from: Date, ms: number) => new Date(from.getTime() + ms)

async function signIn(
  user: { id: string; name: string; email: string; passwordHash: string | null },
  now = new Date(),
): Promise<SignedIn> {
  const origin = { address, userAgent: null }
  const started = await startSession(db, user, { method: 'password', origin, replaces: null, now })
  if (!started.ok) throw new Error(started.refusal)
  return { userId: user.id, name: user.name, email: user.email, ...started.value }
}

const setDisabledAt = (user: { id: string }, disabledAt: Date | null) =>
  owner.update(users).set({ disabledAt }).where(eq(users.id, user.id))

const isLive = async (who: SignedIn, now = new Date()) => (await openSession(who, { db, now })) !== null
const tools = () => ({ db, now: new Date(), address })

async function endingsOf(user: { id: string }) {
  const events = await db
    .select()
    .from(auditEvents)
    .where(eq(auditEvents.userId, user.id))
    .orderBy(auditEvents.id)
  return events.filter((event) => event.action === 'session.ended')
}

test('a live session says who it is', async () => {
  const user = await buildUser(owner)
  const now = new Date()
  const session = await signIn(user, now)
  expect(await openSession(session, { db, now: new Date() })).toEqual({
    ...session,
    provedAt: now,
    secondFactor: null,
    language: 'en-GB',
    timeZone: null,
  })
})

test('signing out ends the session at once, with one audit row however often it is done', async () => {
  const user = await buildUser(owner)
  const session = await signIn(user)
  await signOut(session, tools())
  await signOut(session, tools())
  expect(await isLive(session)).toBe(false)
  expect(await endingsOf(user)).toMatchObject([
    { userName: user.name, address, reason: 'signed-out', details: { sessionId: session.sessionId } },
  ])
})

test('a disabled person is signed out everywhere at once', async () => {
  const user = await buildUser(owner)
  const session = await signIn(user)
  await setDisabledAt(user, new Date())
  expect(await isLive(session)).toBe(false)
})

test('who came while they were disabled finds none of their sessions alive when they are enabled again', async () => {
  const user = await buildUser(owner)
  const [here, there] = [await signIn(user), await signIn(user)]
  const stranger = await signIn(await buildUser(owner))
  await setDisabledAt(user, new Date())
  await Promise.all([isLive(here), isLive(here)])
  await setDisabledAt(user, null)
  expect([await isLive(here), await isLive(there), await isLive(stranger)]).toEqual([false, false, true])
  const endings = await endingsOf(user)
  expect(endings.map(({ reason, details }) => [reason, details?.sessionId]).sort()).toEqual(
    [here, there].map(({ sessionId }) => ['disabled', sessionId]).sort(),
  )
})

test('a session ends 30 days after signing in, however much it is used', async () => {
  const start = new Date()
  const session = await signIn(await buildUser(owner), start)
  for (let day = 1; day < 30; day += 1) expect(await isLive(session, after(start, day * dayMs))).toBe(true)
  expect(await isLive(session, after(start, 30 * dayMs - 1_000))).toBe(true)
  expect(await isLive(session, after(start, 30 * dayMs))).toBe(false)
})

test('a session that is not used for a week ends', async () => {
  const start = new Date()
  const session = await signIn(await buildUser(owner), start)
  expect(await isLive(session, after(start, 3 * dayMs))).toBe(true)
  expect(await isLive(session, after(start, 10 * dayMs))).toBe(false)
})

test('last seen is written every five minutes, not for every page', async () => {
  const start = new Date()
  const session = await signIn(await buildUser(owner), start)
  const lastSeen = async () =>
    (await db.select().from(sessions).where(eq(sessions.id, session.sessionId)))[0]?.lastSeenAt
  await isLive(session, after(start, 4 * minuteMs))
  expect(await lastSeen()).toEqual(start)
  await isLive(session, after(start, 6 * minuteMs))
  expect(await lastSeen()).toEqual(after(start, 6 * minuteMs))
})

test('a session belongs to its person: another person’s id with it opens nothing', async () => {
  const session = await signIn(await buildUser(owner))
  const other = await buildUser(owner)
  expect(await isLive({ ...session, userId: other.id })).toBe(false)
  expect(await isLive({ ...session, sessionId: v4() })).toBe(false)
})

test('another person’s session cannot be ended', async () => {
  const victim = await signIn(await buildUser(owner))
  const attacker = await signIn(await buildUser(owner))
  const result = await endSession(attacker, { sessionId: victim.sessionId }, tools())
  expect(result).toEqual({ ok: false, refusal: 'not-found' })
  expect(await isLive(victim)).toBe(true)
})

test('ending one of one’s own sessions ends that one only', async () => {
  const user = await buildUser(owner)
  const [here, there, elsewhere] = [await signIn(user), await signIn(user), await signIn(user)]
  expect(await endSession(here, there, tools())).toEqual({ ok: true, value: null })
  expect(await endSession(here, there, tools())).toEqual({ ok: false, refusal: 'not-found' })
  expect([await isLive(here), await isLive(there), await isLive(elsewhere)]).toEqual([true, false, true])
  expect(await endingsOf(user)).toHaveLength(1)
})

test.each([
  ['one', (who: SignedIn, other: SignedIn) => endSession(who, other, tools())],
  ['all', (who: SignedIn) => endOtherSessions(who, tools())],
])(
  'a session that has ended, or whose person was disabled, meanwhile does not end %s of the others',
  async (_, end) => {
    const user = await buildUser(owner)
    const [stolen, own] = [await signIn(user), await signIn(user)]
    const signedOut = { ok: false, refusal: 'signed-out' }
    let ending: Promise<unknown> | undefined
    await owner.transaction(async (tx) => {
      await tx.update(sessions).set({ endedAt: new Date() }).where(eq(sessions.id, stolen.sessionId))
      ending = end(stolen, own)
      await untilBlocked(owner)
    })
    expect(await ending).toEqual(signedOut)
    expect(await isLive(own)).toBe(true)
    await owner.update(sessions).set({ endedAt: null }).where(eq(sessions.id, stolen.sessionId))
    await setDisabledAt(user, new Date())
    expect(await end(stolen, own)).toEqual(signedOut)
    await setDisabledAt(user, null)
    expect(await isLive(own)).toBe(true)
    expect((await end(stolen, own)).ok).toBe(true)
  },
)

test('of two sessions that end each other at once one goes on', async () => {
  const user = await buildUser(owner)
  for (const both of [
    (one: SignedIn, other: SignedIn) => [endSession(one, other, tools()), endSession(other, one, tools())],
    (one: SignedIn, other: SignedIn) => [endOtherSessions(one, tools()), endOtherSessions(other, tools())],
  ]) {
    const [one, other] = [await signIn(user), await signIn(user)]
    const holder = await owner.$client.connect()
    try {
      await holder.query('begin')
      await holder.query('select from users where id = $1 for no key update', [user.id])
      const ending = both(one, other)
      await untilBlocked(owner, 2)
      await holder.query('commit')
      const results = await Promise.all(ending)
      expect(results.map(({ ok }) => ok).sort()).toEqual([false, true])
      expect(results).toContainEqual({ ok: false, refusal: 'signed-out' })
    } finally {
      holder.release(true)
    }
  }
})

test('ending all others leaves this one and those of other people', async () => {
  const user = await buildUser(owner)
  const [here, there, elsewhere] = [await signIn(user), await signIn(user), await signIn(user)]
  const stranger = await signIn(await buildUser(owner))
  const result = await endOtherSessions(here, tools())
  if (!result.ok) throw new Error(result.refusal)
  const { ended, sessionId } = result.value
  expect(ended).toBe(2)
  // A copy of the cookie in use is worth nothing either.
  expect([await isLive(here), await isLive(there), await isLive(elsewhere)]).toEqual([false, false, false])
  expect(await isLive({ ...here, sessionId })).toBe(true)
  expect((await endOtherSessions(here, tools())).ok).toBe(false)
  expect(await isLive(stranger)).toBe(true)
  expect(await endingsOf(user)).toHaveLength(2)
})

test('the list holds one’s own live sessions, this one first', async () => {
  const user = await buildUser(owner)
  const start = new Date()
  const [here, there, ended] = [
    await signIn(user),
    await signIn(user, after(start, 1_000)),
    await signIn(user),
  ]
  await endSession(here, ended, tools())
  await signIn(await buildUser(owner))
  const list = await listSessions(here, { db, now: new Date() })
  expect(list.map(({ id, isThisOne }) => [id, isThisOne])).toEqual([
    [here.sessionId, true],
    [there.sessionId, false],
  ])
})

test('when the audit row cannot be written, the session lives on', async () => {
  const user = await buildUser(owner)
  const [here, there] = [await signIn(user), await signIn(user)]
  // Text that PostgreSQL cannot keep: the insert fails after the update.
  await expect(endSession({ ...here, name: '\u0000' }, there, tools())).rejects.toThrow()
  expect(await isLive(there)).toBe(true)
})
