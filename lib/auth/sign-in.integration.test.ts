import * as argon2 from '@node-rs/argon2'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { connect, type Database } from '#db/client.ts'
import { createTestDatabase, type TestDatabase } from '#db/embedded/test-database.ts'
import { auditEvents } from '#db/schema/audit-events.ts'
import { sessions } from '#db/schema/sessions.ts'
import { signInAttempts } from '#db/schema/sign-in-attempts.ts'
import { buildUser } from '#db/seed/builders.ts'
import { openSession } from './open-session.ts'
import { hashPassword } from './password.ts'
import { signInWithPassword } from './sign-in.ts'
import { signInWithIssuer } from './sign-in-with-issuer.ts'
import { limits } from './throttle.ts'

vi.mock('@node-rs/argon2', async (original) => {
  const real = await original<typeof argon2>()
  return { ...real, verify: vi.fn(real.verify) }
})

const password = 'demo-only-password'
const origin = { address: '192.0.2.1', userAgent: 'Firefox' }

let testDatabase: TestDatabase
let db: Database
let passwordHash: string

beforeAll(async () => {
  testDatabase = await createTestDatabase()
  db = connect({ url: testDatabase.appUrl, applicationName: 'test' })
  passwordHash = await hashPassword(password)
})
afterAll(async () => {
  await db.$client.end()
  await testDatabase.drop()
})

let nextAddress = 0
const elsewhere = () => ({ address: `198.51.100.${nextAddress++}`, userAgent: null })

const signIn = (
  typed: { email: unknown; password: unknown },
  more: Partial<Parameters<typeof signInWithPassword>[1]> = {},
) => signInWithPassword(typed, { db, now: new Date(), origin: elsewhere(), replaces: null, ...more })

const wrongCredentials = { ok: false, refusal: { kind: 'wrong-credentials' } }

test('the right password starts a session with its address and browser, and one audit row', async () => {
  const user = await buildUser(db, { passwordHash, email: 'owner@example.com' })
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
      occurredAt: now,
      userName: user.name,
      address: '192.0.2.1',
      details: { sessionId, method: 'password' },
    },
  ])
})

test('unknown, wrong, disabled, without a password: the answer is the same, and nothing is started', async () => {
  const user = await buildUser(db, { passwordHash })
  const disabled = await buildUser(db, { passwordHash, disabledAt: new Date() })
  const withoutPassword = await buildUser(db)
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
  const user = await buildUser(db, { passwordHash })
  const disabled = await buildUser(db, { passwordHash, disabledAt: new Date() })
  const withoutPassword = await buildUser(db)
  for (const email of [user.email, disabled.email, withoutPassword.email, 'nobody-at-all@example.com']) {
    vi.mocked(argon2.verify).mockClear()
    await signIn({ email, password: 'wrong' })
    const checks = vi.mocked(argon2.verify).mock.calls
    expect(checks.map(([hash]) => argon2.parseOptions(hash))).toEqual([argon2.parseOptions(passwordHash)])
  }
})

test('what cannot be a password or an e-mail address is refused without being counted', async () => {
  const before = await db.$count(signInAttempts)
  for (const typed of [
    { email: undefined, password: undefined },
    { email: ['a@example.com'], password },
    { email: 'a@example.com', password: 'x'.repeat(201) },
    { email: 'a\u0000@example.com', password },
    { email: `${'a'.repeat(10_000)}@example.com`, password },
  ]) {
    expect(await signIn(typed)).toEqual(wrongCredentials)
  }
  expect(await db.$count(signInAttempts)).toBe(before)
})

test('after too many wrong guesses the right password is not even looked at', async () => {
  const user = await buildUser(db, { passwordHash })
  const here = { origin: { address: '203.0.113.1', userAgent: null } }
  for (let guess = 0; guess < limits.pair.guesses; guess += 1) {
    expect(await signIn({ email: user.email, password: 'wrong' }, here)).toEqual(wrongCredentials)
  }
  const result = await signIn({ email: user.email, password }, here)
  expect(result).toMatchObject({ ok: false, refusal: { kind: 'throttled' } })
  expect((await signIn({ email: user.email, password })).ok).toBe(true)
})

test('a browser that signs in again leaves no session behind, whoever’s it was', async () => {
  const [first, second] = [await buildUser(db, { passwordHash }), await buildUser(db, { passwordHash })]
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

const issuerTools = () => ({ db, now: new Date(), origin, replaces: null })

test('single sign-on signs in whom the issuer vouches for', async () => {
  const user = await buildUser(db, { email: 'sso@example.com' })
  const result = await signInWithIssuer({ email: 'SSO@example.com', email_verified: true }, issuerTools())
  expect(result).toMatchObject({ ok: true, value: { userId: user.id } })
})

test('single sign-on makes no account and lets in nobody who is disabled', async () => {
  const disabled = await buildUser(db, { disabledAt: new Date() })
  for (const email of ['stranger@example.com', disabled.email]) {
    const result = await signInWithIssuer({ email, email_verified: true }, issuerTools())
    expect(result).toEqual({ ok: false, refusal: 'unknown-account' })
  }
})

test('an e-mail address that the issuer has not verified opens nothing', async () => {
  const user = await buildUser(db)
  for (const claims of [
    { email: user.email },
    { email: user.email, email_verified: false },
    { email: user.email, email_verified: 'true' },
    { email_verified: true },
  ]) {
    expect(await signInWithIssuer(claims, issuerTools())).toEqual({
      ok: false,
      refusal: 'email-not-verified',
    })
  }
})
