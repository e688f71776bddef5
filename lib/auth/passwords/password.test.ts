import { parseOptions } from '@node-rs/argon2'
import { expect, test } from 'vitest'
import { maxPasswordLength } from '../limits.ts'
import { hashPassword, PasswordWorkOverload, verifyPassword } from './password.ts'

test('only the password itself matches its hash', async () => {
  const hash = await hashPassword('demo-only-password')
  expect(await verifyPassword(hash, 'demo-only-password')).toBe(true)
  expect(await verifyPassword(hash, 'demo-only-Password')).toBe(false)
})

test('a hash is Argon2id with the parameters that OWASP asks for', async () => {
  expect(parseOptions(await hashPassword('demo-only-password'))).toMatchObject({
    algorithm: 2,
    memoryCost: 19_456,
    timeCost: 2,
    parallelism: 1,
  })
})

test('without a hash no password is right', async () => {
  expect(await verifyPassword(null, '')).toBe(false)
  expect(await verifyPassword(null, 'demo-only-password')).toBe(false)
})

test('the same letters typed in another composition are the same password', async () => {
  expect(await verifyPassword(await hashPassword('jos\u00e9-pass'), 'jose\u0301-pass')).toBe(true)
})

test('no work is done on more than 200 characters', async () => {
  await expect(verifyPassword(null, 'x'.repeat(maxPasswordLength + 1))).rejects.toThrow(RangeError)
})

test('more passwords than can be checked soon are refused, and the rest is worked off', async () => {
  const work = await Promise.allSettled(Array.from({ length: 120 }, () => verifyPassword(null, 'x')))
  const refused = work.filter((one) => one.status === 'rejected')
  expect(refused.length).toBe(17)
  expect(refused.every((one) => one.reason instanceof PasswordWorkOverload)).toBe(true)
  expect(await verifyPassword(null, 'x')).toBe(false)
}, 30_000)
