import * as argon2 from '@node-rs/argon2'
import { eq } from 'drizzle-orm'
import { beforeAll, expect, test, vi } from 'vitest'
import { readMailReader } from '#db/queries/people/users.ts'
import { auditEvents } from '#db/schema/audit-events.ts'
import { rateLimitCounters } from '#db/schema/rate-limit-counters.ts'
import { sessions } from '#db/schema/sessions.ts'
import { users } from '#db/schema/users.ts'
import { buildSession, buildUser, type UserRow } from '#tools/seed/builders.ts'
import { untilBlocked } from '#tools/test-databases/blocked-queries.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { limits } from '../../rate-limits/limits.ts'
import { countGuess } from '../../rate-limits/throttle.ts'
import { createTokenText } from '../../tokens/model/secret.ts'
import { mailPasswordReset } from '../passwords/ask-for-password-reset.ts'
import { changePassword } from '../passwords/change-password.ts'
import { hashPassword } from '../passwords/password.ts'
import { resetPassword } from '../passwords/reset-password.ts'
import { createDeviceMark } from '../sessions/device-mark.ts'
import { openSession } from '../sessions/open-session.ts'
import { maxSessions, startSession } from '../sessions/start-session.ts'
import { signInWithPassword } from './sign-in.ts'
import { signInWithIssuer, type WithoutVerified } from './sign-in-with-issuer.ts'

vi.mock('@node-rs/argon2', async (original) => {
  const real = await original<typeof argon2>()
  return { ...real, verify: vi.fn(real.verify) }
})

const password = 'demo-only-password'
const secret = 'a secret of thirty-two characters or more'
const origin = { address: '192.0.2.1', userAgent: 'Firefox' }

const { db, owner } = prepareTestDatabase()
let passwordHash: string

beforeAll(async () => {
  passwordHash = await hashPassword(password)
})

let nextAddress = 0
const elsewhere = () => ({ address: `198.51.100.${nextAddress++}`, userAgent: null })

const signIn = (
  typed: Parameters<typeof signInWithPassword>[0],
  more: Partial<Parameters<typeof signInWithPassword>[1]> = {},
) => signInWithPassword(typed, { db, now: new Date(), origin: elsewhere(), replaces: null, secret, ...more })

const wrongCredentials = { ok: false, refusal: { kind: 'wrong-credentials' } }

test('the right password starts a session with its address and browser, and one audit row', async () => {
  const user = await buildUser(owner, { passwordHash, email: 'owner@example.com' })
  const now = new Date()
  const result = await signIn({ email: ' Owner@Example.com ', password }, { now, origin })
  if (!result.ok) throw new Error('refused')
  const { sessionId } = result.value

  expect(await db.select().from(sessions).where(eq(sessions.id, sessionId))).toMatchObject([
    {
      userId: user.id,
      createdAt: now,
      lastSeenAt: now,
      endedAt: null,
      address: '192.0.2.1',
      userAgent: 'Firefox',
    },
  ])
  expect(await db.select().from(auditEvents).where(eq(auditEvents.userId, user.id))).toMatchObject([
    {
      action: 'session.started',
      userName: user.name,
      address: '192.0.2.1',
      details: { sessionId, method: 'password' },
    },
  ])
})

test('unknown, wrong, disabled, without a password: the answer is the same, and nothing is started', async () => {
  const user = await buildUser(owner, { passwordHash })
  const disabled = await buildUser(owner, { passwordHash, disabledAt: new Date() })
  const withoutPassword = await buildUser(owner)
  const before = await db.$count(sessions)
  for (const typed of [
    { email: 'nobody@example.com', password },
    { email: user.email, password: 'wrong' },
    { email: user.email, password: '' },
    { email: disabled.email, password },
    { email: withoutPassword.email, password },
    { email: withoutPassword.email, password: '' },
  ]) {
    expect(await signIn(typed)).toEqual(wrongCredentials)
  }
  expect(await db.$count(sessions)).toBe(before)
})

test('every kind of wrong costs the same work: one check of one hash with our parameters', async () => {
  const user = await buildUser(owner, { passwordHash })
  const disabled = await buildUser(owner, { passwordHash, disabledAt: new Date() })
  const withoutPassword = await buildUser(owner)
  for (const email of [user.email, disabled.email, withoutPassword.email, 'nobody-at-all@example.com']) {
    vi.mocked(argon2.verify).mockClear()
    await signIn({ email, password: 'wrong' })
    const checks = vi.mocked(argon2.verify).mock.calls
    expect(checks.map(([hash]) => argon2.parseOptions(hash))).toEqual([argon2.parseOptions(passwordHash)])
  }
})

test('what cannot be a password or an e-mail address is refused without being counted', async () => {
  const before = await db.$count(rateLimitCounters)
  for (const typed of [
    { email: undefined, password: undefined },
    { email: ['a@example.com'], password },
    { email: 'a@example.com', password: 'x'.repeat(201) },
    { email: 'a\u0000@example.com', password },
    { email: `${'a'.repeat(10_000)}@example.com`, password },
  ]) {
    expect(await signIn(typed)).toEqual(wrongCredentials)
  }
  expect(await db.$count(rateLimitCounters)).toBe(before)
})

test('after too many wrong guesses the right password is not even looked at', async () => {
  const user = await buildUser(owner, { passwordHash })
  const here = { origin: { address: '203.0.113.1', userAgent: null } }
  for (let guess = 0; guess < limits.pair.guesses; guess += 1) {
    expect(await signIn({ email: user.email, password: 'wrong' }, here)).toEqual(wrongCredentials)
  }
  const result = await signIn({ email: user.email, password }, here)
  expect(result).toMatchObject({ ok: false, refusal: { kind: 'throttled' } })
  expect((await signIn({ email: user.email, password })).ok).toBe(true)
})

/** @returns the mark that the browser has after signing in. */
async function markOf({ email }: { email: string }, more: Parameters<typeof signIn>[1] = {}) {
  const result = await signIn({ email, password }, more)
  if (!result.ok) throw new Error('refused')
  return result.value.deviceMark
}

/** Strangers everywhere guess at the account until nobody may any more. */
async function attack(email: string) {
  for (let from = 0; ; from += 1) {
    const guess = await countGuess({ email, address: `203.0.113.${from}`, device: null }, { db })
    if (!guess.ok) return
  }
}

const throttled = { ok: false, refusal: { kind: 'throttled' } }

test('while strangers guess at an account, its owner gets in where they signed in before, from any address', async () => {
  const user = await buildUser(owner, { passwordHash })
  const deviceMark = await markOf(user)
  await attack(user.email)
  expect(await signIn({ email: user.email, password })).toMatchObject(throttled)
  expect((await signIn({ email: user.email, password, deviceMark })).ok).toBe(true)
  expect((await signIn({ email: user.email, password, deviceMark })).ok).toBe(true)
})

test('somebody who guesses in the owner’s own network does not keep them out', async () => {
  const user = await buildUser(owner, { passwordHash })
  const office = { origin: { address: '192.0.2.77', userAgent: null } }
  const deviceMark = await markOf(user, office)
  for (let guess = 0; guess < limits.pair.guesses; guess += 1) {
    expect(await signIn({ email: user.email, password: 'wrong' }, office)).toEqual(wrongCredentials)
  }
  expect(await signIn({ email: user.email, password }, office)).toMatchObject(throttled)
  expect((await signIn({ email: user.email, password, deviceMark }, office)).ok).toBe(true)
})

test('a mark of another account, of another server, tampered with or old is no mark', async () => {
  const [user, other] = [await buildUser(owner, { passwordHash }), await buildUser(owner, { passwordHash })]
  const { email } = user
  const mark = await markOf(user)
  const now = new Date()
  const twoYearsAgo = new Date(now.getTime() - 2 * 365 * 86_400_000)
  await attack(email)
  for (const deviceMark of [
    await markOf(other),
    createDeviceMark({ email, secret: 'another secret of thirty-two characters', now }),
    createDeviceMark({ email, secret, now: twoYearsAgo }),
    `x${mark.slice(1)}`.replace(/^x(?=x)/, 'y'),
    'made up',
  ]) {
    expect(await signIn({ email, password, deviceMark })).toMatchObject(throttled)
  }
})

test('a stolen mark is no password: it may guess ten times, and then not even the right one helps', async () => {
  const user = await buildUser(owner, { passwordHash })
  const deviceMark = await markOf(user)
  expect(await markOf(user)).not.toBe(deviceMark)
  for (let guess = 0; guess < limits.device.guesses; guess += 1) {
    expect(await signIn({ email: user.email, password: 'wrong', deviceMark })).toEqual(wrongCredentials)
  }
  expect(await signIn({ email: user.email, password, deviceMark })).toMatchObject(throttled)
  expect((await signIn({ email: user.email, password })).ok).toBe(true)
})

test('a mark opens no account that is disabled', async () => {
  const disabled = await buildUser(owner, { passwordHash, disabledAt: new Date() })
  const deviceMark = createDeviceMark({ email: disabled.email, secret, now: new Date() })
  expect(await signIn({ email: disabled.email, password, deviceMark })).toEqual(wrongCredentials)
})

test('an account of which somebody signed in here and an unknown one are throttled alike', async () => {
  const known = await buildUser(owner, { passwordHash })
  const fullAddress = { origin: { address: '192.0.2.88', userAgent: null } }
  await markOf(known, fullAddress)
  const answers = async (email: string, more = {}) => {
    const result = await signIn({ email, password: 'wrong' }, more)
    return result.ok ? 'in' : result.refusal.kind
  }
  // The address is full, though neither account was guessed at from it.
  for (let n = 0; n < limits.address.guesses; n += 1) await answers(`nobody-${n}@example.com`, fullAddress)
  expect(await answers(known.email, fullAddress)).toBe('throttled')
  expect(await answers('unknown-here@example.com', fullAddress)).toBe('throttled')

  const rows = []
  for (const email of [known.email, 'unknown-there@example.com']) {
    const here = elsewhere()
    const row = []
    for (let n = 0; n <= limits.pair.guesses; n += 1) row.push(await answers(email, { origin: here }))
    await attack(email)
    row.push(await answers(email))
    rows.push(row)
  }
  expect(rows[0]).toEqual(rows[1])
  expect(rows[0]?.slice(-2)).toEqual(['throttled', 'throttled'])
})

test('a browser that signs in again leaves no session behind, whoever’s it was', async () => {
  const [first, second] = [await buildUser(owner, { passwordHash }), await buildUser(owner, { passwordHash })]
  const started = await signIn({ email: first.email, password })
  if (!started.ok) throw new Error('refused')
  const replaces = await openSession(started.value, { db, now: new Date() })
  expect((await signIn({ email: second.email, password }, { replaces })).ok).toBe(true)
  expect(await openSession(started.value, { db, now: new Date() })).toBeNull()
  const record = await db
    .select()
    .from(auditEvents)
    .where(eq(auditEvents.userId, first.id))
    .orderBy(auditEvents.id)
  expect(record.map(({ action, reason }) => [action, reason])).toEqual([
    ['session.started', null],
    ['session.ended', 'replaced'],
  ])
})

/** While the password that was typed is found right, and before a session begins. */
function onceItIsVerified(action: () => Promise<unknown>) {
  vi.mocked(argon2.verify).mockImplementationOnce(async (...typed) => {
    const { verify } = await vi.importActual<typeof argon2>('@node-rs/argon2')
    const isRight = await verify(...typed)
    await action()
    return isRight
  })
}

test.each<[string, (user: UserRow) => Promise<unknown>]>([
  [
    'reset',
    async (user) => {
      await mailPasswordReset({ email: user.email, origin: 'https://tokens.example.com' }, { db })
      const { rows } = await owner.$client.query('select body from mails where to_address = $1', [user.email])
      const secret = /reset-password\/([\w-]{43})/.exec(rows[0].body)?.[1] ?? ''
      return resetPassword({ secret, password: 'four short words here' }, { db, address: null })
    },
  ],
  [
    'changed',
    async (user) => {
      await buildSession(owner, { id: user.id, userId: user.id })
      return changePassword(
        { userId: user.id, name: user.name, email: user.email, sessionId: user.id },
        { current: password, password: 'four short words here' },
        { db, address: null },
      )
    },
  ],
  ['taken away', (user) => owner.update(users).set({ passwordHash: null }).where(eq(users.id, user.id))],
])('a password that is %s while it is verified opens nothing', async (_, action) => {
  const user = await buildUser(owner, { passwordHash })
  onceItIsVerified(() => action(user))
  expect(await signIn({ email: user.email, password })).toEqual(wrongCredentials)
  const { rows } = await owner.$client.query('select password_hash from users where id = $1', [user.id])
  expect(rows[0].password_hash).not.toBe(passwordHash)
  const method = `details->>'method' = 'password'`
  const started = await owner.$client.query(`select from audit_events where user_id = $1 and ${method}`, [
    user.id,
  ])
  expect(started.rowCount).toBe(0)
})

/** What `enter` answers that began before the change of the user's row was committed. */
async function whileChanged<T>(user: UserRow, change: Partial<UserRow>, enter: () => Promise<T>) {
  let entering: Promise<T> | undefined
  await owner.transaction(async (tx) => {
    await tx.update(users).set(change).where(eq(users.id, user.id))
    entering = enter()
    await untilBlocked(owner)
  })
  return entering
}

test('who signs in while their password is being replaced, or they are being disabled, waits and opens nothing', async () => {
  const user = await buildUser(owner, { passwordHash })
  const enter = () => signIn({ email: user.email, password })
  expect(await whileChanged(user, { disabledAt: new Date() }, enter)).toEqual(wrongCredentials)
  await owner.update(users).set({ disabledAt: null }).where(eq(users.id, user.id))
  expect(await whileChanged(user, { passwordHash: 'another' }, enter)).toEqual(wrongCredentials)
  expect(await db.$count(sessions, eq(sessions.userId, user.id))).toBe(0)
})

const issuerTools = (withoutVerified: WithoutVerified = 'refuse') => ({
  ...{ db, now: new Date(), origin, replaces: null, withoutVerified },
})
const iss = 'https://issuer.example'

test('single sign-on signs in whom the issuer vouches for', async () => {
  const user = await buildUser(owner, { email: 'sso@example.com' })
  const result = await signInWithIssuer(
    { iss, sub: 'sso', email: 'SSO@example.com', email_verified: true },
    issuerTools(),
  )
  expect(result).toMatchObject({ ok: true, value: { userId: user.id } })
})

test('single sign-on makes no account and lets in nobody who is disabled', async () => {
  const disabled = await buildUser(owner, { disabledAt: new Date() })
  for (const email of ['stranger@example.com', disabled.email]) {
    const result = await signInWithIssuer({ iss, sub: email, email, email_verified: true }, issuerTools())
    expect(result).toEqual({ ok: false, refusal: 'unknown-account' })
  }
})

test('single sign-on waits while somebody is being disabled, and opens nothing; a new password is no matter', async () => {
  const user = await buildUser(owner, { passwordHash })
  const enter = () =>
    signInWithIssuer({ iss, sub: user.id, email: user.email, email_verified: true }, issuerTools())
  expect(await whileChanged(user, { passwordHash: 'another' }, enter)).toMatchObject({ ok: true })
  expect(await whileChanged(user, { disabledAt: new Date() }, enter)).toEqual({
    ok: false,
    refusal: 'unknown-account',
  })
})

test('a person is notified of their first single sign-on, by mail and in the inbox, once', async () => {
  const user = await buildUser(owner)
  const claims = { iss, sub: user.id, email: user.email, email_verified: true }
  for (const _ of [1, 2]) expect((await signInWithIssuer(claims, issuerTools())).ok).toBe(true)
  const { rows } = await owner.$client.query(
    `select kind, subject from account_notices notice join mails on mails.user_id = notice.user_id where notice.user_id = $1`,
    [user.id],
  )
  expect(rows).toEqual([
    { kind: 'identity.bound', subject: 'Single sign-on was connected in Partner Tokens' },
  ])
})

test('an e-mail address that the issuer has not verified opens nothing', async () => {
  const user = await buildUser(owner)
  for (const claims of [
    { email: user.email },
    { email: user.email, email_verified: false },
    { email: user.email, email_verified: 'false' },
    { email: user.email, email_verified: 1 },
    { email_verified: true },
  ]) {
    expect(await signInWithIssuer({ iss, sub: 'x', ...claims }, issuerTools())).toEqual({
      ok: false,
      refusal: 'email-not-verified',
    })
  }
})

test('of an internationalised domain every spelling is the same account, also one kept as people write it', async () => {
  const kept = await buildUser(owner, { passwordHash, email: 'desk@xn--bcher-kva.example' })
  const keptBefore = await buildUser(owner, { passwordHash, email: 'desk@b\u00e4ume.example' })
  for (const [email, user] of [
    ['desk@B\u00fccher.example', kept],
    ['desk@xn--bcher-kva.example', kept],
    ['desk@b\u00e4ume.example', keptBefore],
    ['desk@xn--bume-loa.example', keptBefore],
  ] as const) {
    expect(await signIn({ email, password })).toMatchObject({ ok: true, value: { userId: user.id } })
  }
})

test('an issuer may say "true" as text; one that never says it is believed by a setting only', async () => {
  const [said, silent] = [await buildUser(owner), await buildUser(owner)]
  const asText = { iss, sub: said.id, email: said.email, email_verified: 'true' }
  expect((await signInWithIssuer(asText, issuerTools())).ok).toBe(true)
  const without = { iss, sub: silent.id, email: silent.email }
  expect((await signInWithIssuer(without, issuerTools())).ok).toBe(false)
  expect((await signInWithIssuer(without, issuerTools('accept'))).ok).toBe(true)
  const denied = { ...without, sub: 'another', email_verified: false }
  expect((await signInWithIssuer(denied, issuerTools('accept'))).ok).toBe(false)
})

test.each(['\u212aim@example.com', '\u0130m@example.com', '\uff4bim@example.com'])(
  'an address that only folds to somebody’s, as %j does, opens nothing',
  async (email) => {
    await buildUser(owner, { email: `kim-${crypto.randomUUID()}@example.com` })
    await owner.$client.query(`update users set email = 'kim@example.com' where email like 'kim-%'
      and not exists (select from users where email = 'kim@example.com')`)
    const claims = { iss, sub: email, email, email_verified: true }
    expect(await signInWithIssuer(claims, issuerTools())).toEqual({
      ok: false,
      refusal: 'email-not-verified',
    })
  },
)

test('right passwords without end leave twenty sessions, the ones seen last; the others are on record as ended', async () => {
  const user = await buildUser(owner, { passwordHash })
  for (let n = 0; n < maxSessions + 3; n += 1) {
    const started = await startSession(
      db,
      { ...user, passwordHash },
      {
        ...{ method: 'password', origin, replaces: null, now: new Date(Date.now() + n) },
      },
    )
    expect(started.ok).toBe(true)
  }
  const live = await owner.$client.query(
    'select count(*)::int from sessions where user_id = $1 and ended_at is null',
    [user.id],
  )
  expect(live.rows).toEqual([{ count: maxSessions }])
  const { rows } = await owner.$client.query(
    `select count(*)::int from audit_events where user_id = $1 and action = 'session.ended' and reason = 'too-many'`,
    [user.id],
  )
  expect(rows).toEqual([{ count: 3 }])
})

test('the time zone that the browser says is kept at sign-in, for mails; what is none is not', async () => {
  const user = await buildUser(owner, { passwordHash })
  const kept = async () =>
    (await db.select({ zone: users.browserTimeZone }).from(users).where(eq(users.id, user.id)))[0]?.zone
  const from = (timeZone?: string) => ({ origin: { ...elsewhere(), timeZone } })
  for (const [said, zone] of [
    [undefined, null],
    ['Etc/Unknown', null],
    ['America/Los_Angeles', 'America/Los_Angeles'],
    ['<b>', 'America/Los_Angeles'],
    ['Asia/Tokyo', 'Asia/Tokyo'],
  ] as const) {
    expect((await signIn({ email: user.email, password }, from(said))).ok).toBe(true)
    expect(await kept()).toBe(zone)
  }
  expect(await readMailReader(db, user.id)).toEqual({ language: 'en-GB', timeZone: 'Asia/Tokyo' })
  await owner.$client.query("update users set time_zone = 'Europe/Lisbon' where id = $1", [user.id])
  expect(await readMailReader(db, user.id)).toEqual({ language: 'en-GB', timeZone: 'Europe/Lisbon' })
})

test('a token in what a browser says of itself is not kept', async () => {
  const user = await buildUser(owner, { passwordHash })
  const token = createTokenText()
  const signedIn = await signIn(
    { email: user.email, password },
    { origin: { address: '192.0.2.9', userAgent: `Sync/1 ${token}` } },
  )
  if (!signedIn.ok) throw new Error('refused')
  const [session] = await db.select().from(sessions).where(eq(sessions.id, signedIn.value.sessionId))
  expect(session?.userAgent).toBe('Sync/1 …')
})
