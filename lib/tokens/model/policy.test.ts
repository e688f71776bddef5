import fc from 'fast-check'
import { expect, test } from 'vitest'
import { apis } from '#db/schema/partner-access.ts'
import { packages } from '#db/schema/stores.ts'
import { hasApis, type KnownToken, refusalOfCall } from './policy.ts'

const good: KnownToken = {
  tokenId: '01900000-0000-7000-8000-000000000001',
  storeId: 'harbor-lights',
  partnerId: 'ypa-005259400001',
  apis: ['order', 'catalog'],
  package: 'standard',
  createdAt: new Date('2026-01-01'),
  expiresAt: new Date('2027-01-01'),
  revoked: false,
  expired: false,
  pausedUntil: null,
}
const call = { storeId: 'harbor-lights', api: 'order' } as const

test('a live token of the store with the API ticked is accepted', () => {
  expect(refusalOfCall(good, call)).toBeNull()
})

test.each([
  ['unknown', undefined, call],
  ['revoked', { ...good, revoked: true }, call],
  ['expired', { ...good, expired: true }, call],
  ['other-store', good, { ...call, storeId: 'yhst-14093000001003' }],
  ['package-without-apis', { ...good, package: 'starter' as const }, call],
  ['api-not-ticked', good, { ...call, api: 'payment' as const }],
])('a call is refused: %s', (cause, token, asked) => {
  expect(refusalOfCall(token, asked)).toBe(cause)
})

test.each([
  ['standard', true],
  ['professional', true],
  ['store-v1', true],
  ['starter', false],
] as const)('whether a store has APIs with the package %s: %s', (storePackage, has) => {
  expect(hasApis(storePackage)).toBe(has)
})

test('a call is accepted only where every rule allows it', () => {
  const anyToken = fc.record({
    revoked: fc.boolean(),
    expired: fc.boolean(),
    storeId: fc.constantFrom('harbor-lights', 'yhst-14093000001003'),
    apis: fc.subarray([...apis]),
    package: fc.constantFrom(...packages),
  })
  fc.assert(
    fc.property(anyToken, fc.constantFrom(...apis), (facts, api) => {
      const allowed =
        !facts.revoked &&
        !facts.expired &&
        facts.storeId === call.storeId &&
        facts.apis.includes(api) &&
        facts.package !== 'starter'
      expect(refusalOfCall({ ...good, ...facts }, { ...call, api }) === null).toBe(allowed)
    }),
  )
})
