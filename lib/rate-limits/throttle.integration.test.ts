import { afterEach, expect, test, vi } from 'vitest'
import { connect } from '#db/client.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { limits } from './limits.ts'
import { countGuess } from './throttle.ts'

const { db } = prepareTestDatabase()

afterEach(() => {
  vi.useRealTimers()
})

const guess = (email: string, address: string | null, device: string | null = null) =>
  countGuess({ email, address, device }, { db })

async function guessUntilRefused(email: string, address: string, device: string | null = null) {
  for (let count = 0; ; count += 1) {
    const result = await guess(email, address, device)
    if (!result.ok) return { count, ...result.refusal }
  }
}

/** Guesses from ever other addresses. @returns how many were let through. */
async function guessFromEverywhere(email: string) {
  let allowed = 0
  while ((await guess(email, `198.51.100.${allowed}`)).ok) allowed += 1
  return allowed
}

/** The limiter and the test look at the same clock; everything else goes on as usual. */
function pass(minutes: number) {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + minutes * 60_000 })
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
  expect(await guessFromEverywhere('c@example.com')).toBe(limits.account.guesses)
  const refused = await guess('c@example.com', '203.0.113.1')
  expect(refused).toMatchObject({ ok: false })
  if (!refused.ok) expect(refused.refusal.waitSeconds).toBeLessThanOrEqual(limits.account.windowMinutes * 60)
})

test('a single attacker does not keep the owner out, not even at a place that is new to them', async () => {
  await guessUntilRefused('d@example.com', '192.0.2.4')
  for (let hammering = 0; hammering < 100; hammering += 1) await guess('d@example.com', '192.0.2.4')
  expect((await guess('d@example.com', '192.0.2.5')).ok).toBe(true)
})

test('attackers everywhere do not keep the owner out of a device where they signed in before', async () => {
  await guessFromEverywhere('owner@example.com')
  expect((await guess('owner@example.com', '203.0.113.8')).ok).toBe(false)
  expect((await guess('owner@example.com', '203.0.113.8', 'their laptop')).ok).toBe(true)
})

test('somebody else in the same office does not keep the owner out either', async () => {
  await guessUntilRefused('colleague@example.com', '203.0.113.20')
  for (let n = 0; (await guess(`nobody-${n}@example.com`, '203.0.113.20')).ok; n += 1);
  expect((await guess('colleague@example.com', '203.0.113.20', 'her laptop')).ok).toBe(true)
})

test('a device may guess ten times from wherever it is, and costs nobody else a guess', async () => {
  const { guesses } = limits.device
  for (let n = 0; n < guesses; n += 1) {
    expect((await guess('i@example.com', `203.0.113.${30 + n}`, 'stolen')).ok).toBe(true)
  }
  expect((await guess('i@example.com', '203.0.113.50', 'stolen')).ok).toBe(false)
  expect((await guess('i@example.com', '203.0.113.50', 'another')).ok).toBe(true)
  expect((await guess('j@example.com', '203.0.113.50', 'stolen')).ok).toBe(true)
  expect((await guessUntilRefused('i@example.com', '203.0.113.30')).count).toBe(limits.pair.guesses)
  pass(limits.device.windowMinutes + 1)
  expect((await guess('i@example.com', '203.0.113.50', 'stolen')).ok).toBe(true)
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

test('a right password on a device makes the wrong ones there forgotten', async () => {
  for (let wrong = 0; wrong < limits.device.guesses - 1; wrong += 1) {
    await guess('k@example.com', '192.0.2.9', 'laptop')
  }
  const right = await guess('k@example.com', '192.0.2.9', 'laptop')
  if (right.ok) await right.value.succeeded()
  const { count } = await guessUntilRefused('k@example.com', '192.0.2.9', 'laptop')
  expect(count).toBe(limits.device.guesses)
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
    countGuess({ email: 'h@example.com', address: null, device: null }, { db: gone }),
  ).rejects.toThrow()
})
