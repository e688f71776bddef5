import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { sessions } from '#db/schema/sessions.ts'
import { hashPassword } from '#lib/auth/passwords/password.ts'
import { cookieName } from '#lib/auth/sessions/cookies.ts'
import { readDeviceMark } from '#lib/auth/sessions/device-mark.ts'
import { closeDatabase } from '#lib/process/database.ts'
import { log } from '#lib/process/log.ts'
import { limits } from '#lib/rate-limits/limits.ts'
import { buildUser } from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { readCsrfToken } from './csrf.ts'
import { authOptions } from './next-auth.ts'
import { createTestBrowser, type TestAnswer } from './test-browser.ts'
import { startTestIssuer, type TestIssuer } from './test-issuer.ts'

const password = 'demo-only-password'
const secret = 'a secret of thirty-two characters or more'
const own = 'https://tokens.example.com'
const settings = { secure: true, port: 3000 }
const deviceCookieName = cookieName('device', settings)

const { db, owner, appUrl } = prepareTestDatabase()
let issuer: TestIssuer

beforeAll(async () => {
  issuer = await startTestIssuer()
  vi.stubEnv('DATABASE_URL', appUrl)
  vi.stubEnv('NEXTAUTH_SECRET', secret)
  vi.stubEnv('NEXTAUTH_URL', own)
  vi.stubEnv('OIDC_ISSUER', issuer.issuer)
  vi.stubEnv('OIDC_CLIENT_ID', issuer.clientId)
  vi.stubEnv('OIDC_CLIENT_SECRET', issuer.clientSecret)
  log.level = 'silent'
})
afterAll(async () => {
  await Promise.all([closeDatabase(), issuer.close()])
})

const createBrowser = () => createTestBrowser({ db, secret, own, settings })

const errorOf = (answer: TestAnswer) => new URL(answer.location ?? '', own).searchParams.get('error')

test('the cookie that next-auth sets opens the session that our verb started', async () => {
  const user = await buildUser(owner, { passwordHash: await hashPassword(password) })
  const browser = createBrowser()
  const answer = await browser.ask('POST', '/api/auth/callback/credentials', {
    email: user.email,
    password,
    callbackUrl: '/my-services?x=1',
  })
  expect(answer.location).toBe(`${own}/my-services?x=1`)
  expect(await browser.session()).toMatchObject({ userId: user.id, name: user.name })
})

test('a wrong password sets no session cookie and gives its reason', async () => {
  const browser = createBrowser()
  const answer = await browser.ask('POST', '/api/auth/callback/credentials', {
    email: 'a@example.com',
    password: 'x',
  })
  expect(errorOf(answer)).toBe('wrong-credentials')
  expect(await browser.session()).toBeNull()
})

test('a right password marks the browser for its account; signing out and a wrong password leave the mark', async () => {
  const user = await buildUser(owner, { passwordHash: await hashPassword(password) })
  const browser = createBrowser()
  await browser.ask('POST', '/api/auth/callback/credentials', { email: user.email, password: 'wrong' })
  expect(browser.cookies.get(deviceCookieName)).toBeUndefined()
  await browser.ask('POST', '/api/auth/callback/credentials', { email: user.email, password })
  const mark = browser.cookies.get(deviceCookieName)
  expect(readDeviceMark(mark, { email: user.email, secret, now: new Date() })).not.toBeNull()
  await browser.session()
  await browser.ask('POST', '/api/auth/signout')
  await browser.ask('POST', '/api/auth/callback/credentials', { email: user.email, password: 'wrong' })
  expect(browser.cookies.get(deviceCookieName)).toBe(mark)
})

test('a marked browser gets in where its address may guess no more', async () => {
  const user = await buildUser(owner, { passwordHash: await hashPassword(password) })
  const [marked, other] = [createBrowser(), createBrowser()]
  const ask = (browser: typeof marked, tried: string) =>
    browser.ask('POST', '/api/auth/callback/credentials', { email: user.email, password: tried })
  await ask(marked, password)
  for (let n = 0; n < limits.pair.guesses; n += 1) await ask(other, 'wrong')
  expect(errorOf(await ask(other, password))).toMatch(/^throttled-/)
  expect((await ask(marked, password)).location).toBe(`${own}/`)
})

test('without the token of the form nobody is signed in', async () => {
  const user = await buildUser(owner, { passwordHash: await hashPassword(password) })
  const browser = createBrowser()
  const form = { email: user.email, password, csrfToken: 'forged' }
  await browser.ask('POST', '/api/auth/callback/credentials', form)
  expect(await browser.session()).toBeNull()
})

test('our own form token is one that next-auth takes, and the other way round', async () => {
  const browser = createBrowser()
  browser.cookies.clear()
  await browser.ask('GET', '/api/auth/csrf')
  expect(readCsrfToken(browser.cookies.get(cookieName('csrf-token', settings)), secret)).not.toBeNull()
})

test('next-auth knows nobody whose session was not opened for this very request', async () => {
  const user = await buildUser(owner, { passwordHash: await hashPassword(password) })
  const browser = createBrowser()
  await browser.ask('POST', '/api/auth/callback/credentials', { email: user.email, password })
  const cookies = new Map(browser.cookies)
  expect((await browser.ask('GET', '/api/auth/session')).body).toEqual({})
  for (const [name, value] of cookies) browser.cookies.set(name, value)
  await browser.session()
  expect((await browser.ask('GET', '/api/auth/session')).body).toMatchObject({ user: { email: user.email } })
})

test('signing out through next-auth ends the session', async () => {
  const user = await buildUser(owner, { passwordHash: await hashPassword(password) })
  const browser = createBrowser()
  await browser.ask('POST', '/api/auth/callback/credentials', { email: user.email, password })
  const session = await browser.session()
  await browser.ask('POST', '/api/auth/signout')
  const [row] = await db
    .select()
    .from(sessions)
    .where(eq(sessions.id, session?.sessionId ?? ''))
  expect(row?.endedAt).toBeInstanceOf(Date)
})

test('nobody is sent to another origin after signing in', async () => {
  const user = await buildUser(owner, { passwordHash: await hashPassword(password) })
  for (const callbackUrl of [
    '//evil.example',
    'https://evil.example/',
    '/\\evil.example',
    `${own}.evil.example/`,
  ]) {
    const form = { email: user.email, password, callbackUrl }
    const answer = await createBrowser().ask('POST', '/api/auth/callback/credentials', form)
    expect(answer.location).toBe(`${own}/`)
  }
})

test('all cookies are bound to the host by https', () => {
  for (const cookie of Object.values(
    authOptions({ origin: { address: null, userAgent: null }, signedIn: null }).cookies ?? {},
  )) {
    expect(cookie.name).toMatch(/^__Host-/)
    expect(cookie.options).toMatchObject({ httpOnly: true, secure: true, sameSite: 'lax', path: '/' })
  }
})

test('single sign-on opens a session for whom the issuer vouches for', async () => {
  const user = await buildUser(owner)
  issuer.vouchFor({ email: user.email.toUpperCase(), email_verified: true })
  const browser = createBrowser()
  expect((await browser.signInAtIssuer()).location).toBe(`${own}/my-services`)
  expect(await browser.session()).toMatchObject({ userId: user.id })
})

test('single sign-on of a stranger, or without a verified address, says why it is refused', async () => {
  const user = await buildUser(owner)
  const disabled = await buildUser(owner, { disabledAt: new Date() })
  for (const [claims, error] of [
    [{ email: 'stranger@example.com', email_verified: true }, 'unknown-account'],
    [{ email: disabled.email, email_verified: true }, 'unknown-account'],
    [{ email: user.email, email_verified: false }, 'email-not-verified'],
    [{ email: user.email }, 'email-not-verified'],
  ] as const) {
    issuer.vouchFor(claims)
    const browser = createBrowser()
    const before = await refusedSignOns()
    expect(errorOf(await browser.signInAtIssuer())).toBe(error)
    expect(await browser.session()).toBeNull()
    expect(await refusedSignOns()).toEqual([...before, error])
  }
})

/** The reasons on record. */
async function refusedSignOns(): Promise<string[]> {
  const { rows } = await owner.$client.query(
    `select reason from audit_events where action = 'sign-in.refused' and details ->> 'method' = 'single-sign-on'
     order by id`,
  )
  return rows.map(({ reason }) => reason)
}

test.each([
  ['another state', (location: URL) => location.searchParams.set('state', 'forged')],
  ['another code', (location: URL) => location.searchParams.set('code', 'forged')],
  ['an error of the issuer', (location: URL) => location.searchParams.set('error', 'access_denied')],
])('coming back from the issuer with %s signs nobody in', async (_what, change) => {
  issuer.vouchFor({ email: (await buildUser(owner)).email, email_verified: true })
  const browser = createBrowser()
  expect(errorOf(await browser.signInAtIssuer(change))).toMatch(/^(OAuth)?Callback$/)
  expect(await browser.session()).toBeNull()
})

test.each([
  ['for another client', { aud: 'another-client' }],
  ['of another issuer', { iss: 'https://evil.example' }],
  ['for another sign-in', { nonce: 'another' }],
  ['from an hour ago', { exp: Math.floor(Date.now() / 1000) - 3_600 }],
])('an ID token %s signs nobody in', async (_what, claims) => {
  issuer.vouchFor({ email: (await buildUser(owner)).email, email_verified: true, ...claims })
  const browser = createBrowser()
  expect(errorOf(await browser.signInAtIssuer())).toBe('OAuthCallback')
  expect(await browser.session()).toBeNull()
})

test('a browser that did not start the sign-in cannot finish it', async () => {
  issuer.vouchFor({ email: (await buildUser(owner)).email, email_verified: true })
  const victim = createBrowser()
  let link = ''
  await createBrowser().signInAtIssuer((location) => {
    link = location.pathname + location.search
  })
  expect(errorOf(await victim.ask('GET', link))).toBe('OAuthCallback')
  expect(await victim.session()).toBeNull()
})

test('an issuer that tells the address in its ID token is not needed at UserInfo', async () => {
  const user = await buildUser(owner)
  issuer.vouchFor({ email: user.email, email_verified: true }, 'in-id-token')
  const browser = createBrowser()
  expect((await browser.signInAtIssuer()).location).toBe(`${own}/my-services`)
  expect(await browser.session()).toMatchObject({ userId: user.id })
})

test('who gets the address of somebody who has signed in before does not get the account', async () => {
  const user = await buildUser(owner)
  const enter = async (sub: string, email: string) => {
    issuer.vouchFor({ sub, email, email_verified: true })
    const browser = createBrowser()
    return [errorOf(await browser.signInAtIssuer()), (await browser.session())?.userId]
  }
  expect(await enter('first', user.email)).toEqual([null, user.id])
  expect(await enter('second', user.email)).toEqual(['bound-to-another', undefined])
  // The subject stays the person, whatever the address is now.
  expect(await enter('first', 'renamed@example.com')).toEqual([null, user.id])
})
