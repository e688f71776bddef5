import { expect, test } from 'vitest'
import type { CutOffEntry } from '#lib/cut-offs/list.ts'
import { confirmLabel, ofWhom, proofText, whatBreaks, whatTheyDid } from './words.ts'

const of = (count: number, isMore = false) => ({ count, isMore })
const names = { storeName: 'Harbor Lights', partnerName: 'Parcel Pilot' }
const extents = {
  partner: { ...names, storeId: '', partnerId: 'p' },
  store: { ...names, storeId: 's', partnerId: '' },
  pair: { ...names, storeId: 's', partnerId: 'p' },
}

test.each([
  [of(1), of(12_480), of(1), '12,480 calls in the last 24 hours would fail.'],
  [
    of(10_000, true),
    of(12_480, true),
    of(9, true),
    'More than 12,480 calls in the last 24 hours would fail.',
  ],
  [of(1), of(0), of(1), 'It was used in the last 24 hours. How often was not counted.'],
  [of(3), of(0), of(2), 'Some were used in the last 24 hours. How often was not counted.'],
  [of(1), of(0), of(0), 'Nobody called with it in the last 24 hours.'],
  [of(3), of(0), of(0), 'Nobody called with them in the last 24 hours.'],
  [
    of(10_000, true),
    of(0, true),
    of(0, true),
    'No call of the last 24 hours was found. Not every token was looked at.',
  ],
])('of %o tokens with %o calls, %o of them used, is said: %s', (tokens, callsLastDay, usedLastDay, said) => {
  expect(whatBreaks({ tokens, callsLastDay, usedLastDay })).toBe(said)
})

test('the button says how many end, and that there are more where counting stopped', () => {
  expect([of(1), of(2), of(12_480), of(10_000, true)].map((tokens) => confirmLabel({ tokens }))).toEqual([
    'Revoke 1 token',
    'Revoke all 2 tokens',
    'Revoke all 12,480 tokens',
    'Revoke all 10,000+ tokens',
  ])
})

test('whose tokens ended is said of a partner, of a store and of the two', () => {
  expect(Object.values(extents).map(ofWhom)).toEqual([
    'of Parcel Pilot at every store',
    'of Harbor Lights, of every partner',
    'of Parcel Pilot at Harbor Lights',
  ])
})

test.each([
  ['partner', 'partner', 'revoked all its tokens, at every store'],
  ['merchant', 'store', 'revoked all its tokens, of every partner'],
  ['merchant', 'pair', 'revoked every token of Parcel Pilot'],
  ['partner', 'pair', 'revoked every token of Parcel Pilot at Harbor Lights'],
  ['operator', 'partner', 'revoked every token of Parcel Pilot at every store'],
] as const)('a banner says of a cut-off by the %s of the %s: %s', (from, extent, said) => {
  expect(whatTheyDid({ ...extents[extent], from } as CutOffEntry)).toBe(said)
})

test('a kept proof says how many servers refused, and never hides one that did not', () => {
  expect(proofText({ tokens: 256, servers: 2, accepting: 0 })).toBe(
    '2 API servers were asked about 256 tokens right after it: refused.',
  )
  expect(proofText({ tokens: null, servers: 1, accepting: 1 })).toBe(
    '1 API server was asked about them right after it: refused. 1 API server would still have accepted one of them.',
  )
})
