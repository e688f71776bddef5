import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { connect, type Database } from '#db/client.ts'
import { createTestDatabase, type TestDatabase } from '#db/embedded/test-database.ts'
import { buildUser } from '#db/seed/builders.ts'
import { startSession } from './start-session.ts'
import { countGuess, limits } from './throttle.ts'

let testDatabase: TestDatabase
let db: Database

beforeAll(async () => {
  testDatabase = await createTestDatabase()
  db = connect({ url: testDatabase.appUrl, applicationName: 'test' })
})
afterEach(() => {
  vi.useRealTimers()
})
afterAll(async () => {
  await db.$client.end()
  await testDatabase.drop()
})

const guess = (email: string, address: string | null) =>
  countGuess({ email, address }, { db, now: new Date() })

async function guessUntilRefused(email: string, address: string) {
  for (let count = 0; ; count += 1) {
    const result = await guess(email, address)
    if (!result.ok) return { count, ...result.refusal }
  }
}

/** The limiter and the test look at the same clock; everything else goes on as usual. */
function pass(minutes: number) {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + minutes * 60_000 })
}

async function buildOwner(address: string, signedInAt = new Date()) {
  const user = await buildUser(db)
  const origin = { address, userAgent: null }
  await startSession(db, user, { method: 'password', origin, replaces: null, now: signedInAt })
  return user
}

test('one address may guess ten times at an account, then waits no longer than the window', async () => {
  const { count, waitSeconds } = await guessUntilRefused('a@example.com', '192.0.2.1')
  expect(count).toBe(limits.pair.guesses)
  expect(waitSeconds).toBeGreaterThan(limits.pair.windowMinutes * 60 - 30)
  expect(waitSeconds).toBeLessThanOrEqual(limits.pair.windowMinutes * 60)
})

test('after the window one may guess again, however much was tried meanwhile', async () => {
  await guessUntilRefused('b@example.com', '192.0.2.2')
  pass(limits.pair.windowMinutes - 1)
  expect((await guess('b@example.com', '192.0.2.2')).ok).toBe(false)
  pass(2)
  expect((await guess('b@example.com', '192.0.2.2')).ok).toBe(true)
})

test('one address may not try a few passwords at every account', async () => {
  let allowed = 0
  while ((await guess(`victim-${allowed}@example.com`, '192.0.2.3')).ok) allowed += 1
  expect(allowed).toBe(limits.address.guesses)
})

test('guesses from everywhere at one account come to an end', async () => {
  let allowed = 0
  while ((await guess('c@example.com', `198.51.100.${allowed}`)).ok) allowed += 1
  expect(allowed).toBe(limits.account.guesses)
})

test('a single attacker does not keep the owner out, not even at a place that is new to him', async () => {
  await guessUntilRefused('d@example.com', '192.0.2.4')
  for (let hammering = 0; hammering < 100; hammering += 1) await guess('d@example.com', '192.0.2.4')
  expect((await guess('d@example.com', '192.0.2.5')).ok).toBe(true)
})

test('attackers everywhere do not keep the owner out of where he signed in before', async () => {
  const { email } = await buildOwner('203.0.113.7')
  for (let from = 0; (await guess(email, `198.51.100.${from}`)).ok; from += 1);
  expect((await guess(email, '203.0.113.8')).ok).toBe(false)
  expect((await guess(email, '203.0.113.7')).ok).toBe(true)
  expect((await guessUntilRefused(email, '203.0.113.7')).count).toBe(limits.pair.guesses - 1)
})

test('somebody else in the same office does not keep the owner out', async () => {
  const { email } = await buildOwner('203.0.113.20')
  let guesses = 0
  while ((await guess(`colleague-${guesses}@example.com`, '203.0.113.20')).ok) guesses += 1
  expect((await guess(email, '203.0.113.20')).ok).toBe(true)
})

test('an address counts as known for 90 days, with its whole IPv6 network', async () => {
  const dayMs = 86_400_000
  const { email } = await buildOwner('2001:db8:1:2::a', new Date(Date.now() - 89 * dayMs))
  const { email: longAgo } = await buildOwner('203.0.113.30', new Date(Date.now() - 91 * dayMs))
  for (const account of [email, longAgo]) {
    for (let from = 0; (await guess(account, `198.51.100.${from}`)).ok; from += 1);
  }
  expect((await guess(email, '2001:db8:1:2:ffff::1')).ok).toBe(true)
  expect((await guess(email, '2001:db8:1:3::a')).ok).toBe(false)
  expect((await guess(longAgo, '203.0.113.30')).ok).toBe(false)
})

test('all addresses of an IPv6 network are one guesser', async () => {
  let allowed = 0
  while ((await guess('e@example.com', `2001:db8:9:9::${allowed.toString(16)}`)).ok) allowed += 1
  expect(allowed).toBe(limits.pair.guesses)
})

test('a right password makes the wrong ones before it forgotten', async () => {
  for (let wrong = 0; wrong < limits.pair.guesses - 1; wrong += 1) await guess('f@example.com', '192.0.2.6')
  const right = await guess('f@example.com', '192.0.2.6')
  if (right.ok) await right.value.succeeded()
  expect((await guessUntilRefused('f@example.com', '192.0.2.6')).count).toBe(limits.pair.guesses)
})

test('signing in to an account of one’s own gives no more guesses at those of others', async () => {
  const own = { email: 'attacker@example.com', address: '192.0.2.7' }
  let atOthers = 0
  while ((await guess(`other-${atOthers}@example.com`, own.address)).ok) {
    atOthers += 1
    const result = await guess(own.email, own.address)
    if (result.ok) await result.value.succeeded()
  }
  expect(atOthers).toBeLessThanOrEqual(limits.address.guesses)
})

test('guesses at the same time are all counted', async () => {
  const results = await Promise.all(Array.from({ length: 40 }, () => guess('g@example.com', '192.0.2.8')))
  expect(results.filter((result) => result.ok)).toHaveLength(limits.pair.guesses)
})

test('without the database no guess is free', async () => {
  const gone = connect({ url: 'postgres://u:p@127.0.0.1:1/x', applicationName: 'test' })
  await expect(
    countGuess({ email: 'h@example.com', address: null }, { db: gone, now: new Date() }),
  ).rejects.toThrow()
})
