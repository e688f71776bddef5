import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import type { BlastRadius } from '#lib/tokens/review/blast-radius.ts'
import type { RevocationReview } from '#lib/tokens/review/review.ts'
import { byDanger, EndingToken, WhatBreaks } from './blast-radius-list.tsx'

type LiveToken = RevocationReview['live'][number]

const asOf = new Date('2026-11-23T12:00:00Z')
const minutesAgo = (minutes: number) => new Date(asOf.getTime() - minutes * 60_000)
const unused: BlastRadius = { calls: 0, apis: [], addresses: 0, successor: null }

function live(id: string, blastRadius: Partial<BlastRadius> = {}, lastUsedAt: Date | null = null) {
  return {
    ...{ id, asOf, lastUsedAt, status: 'renewed', lastCharacters: 'Zz99' },
    blastRadius: { ...unused, ...blastRadius },
  } as LiveToken
}

const used = live(
  'used',
  {
    calls: 1_418,
    apis: [
      { api: 'order', calls: 1_400 },
      { api: 'payment', calls: 18 },
    ],
    addresses: 3,
    successor: { id: 'successor', lastCharacters: 'Ab12', lastUsedAt: null, stillCalling: [] },
  },
  minutesAgo(4),
)

const textOf = (markup: string) =>
  markup
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
const ofToken = (token: LiveToken, all = [token]) =>
  textOf(renderToStaticMarkup(createElement(EndingToken, { token, live: all })))
const ofAll = (all: LiveToken[]) => textOf(renderToStaticMarkup(createElement(WhatBreaks, { live: all })))

const tail = 'ending in …Zz99Renewed'
const cutOff = 'Its renewed token ending in …Ab12 was never used: whoever calls is cut off.'

test('what breaks is said first: the calls of the last day that would fail', () => {
  expect(ofAll([used])).toBe(`1,418 calls in the last 24 hours would fail.${cutOff}`)
  expect(ofAll([live('unused')])).toBe('Nobody called with it in the last 24 hours.')
  expect(ofAll([live('one'), live('two')])).toBe('Nobody called with them in the last 24 hours.')
})

const asked = (id: string, client: string | null, more: Partial<LiveToken> = {}) => ({
  ...live(id, { calls: 2, apis: [{ api: 'introspection', calls: 2 }] }, minutesAgo(3)),
  ...{ lastApi: 'introspection' as const, lastClient: client && `introspection by ${client}` },
  ...more,
})

test.each<[string, LiveToken[], string | null]>([
  [
    'whose last call it was',
    [asked('one', 'warehouse')],
    'warehouse introspected it in the last 24 hours, and may accept it',
  ],
  [
    'of which another call came since',
    [asked('one', null, { lastApi: 'order', lastClient: 'introspection by nobody' })],
    'Services introspected it in the last 24 hours, and may accept it',
  ],
  [
    'of several tokens',
    [asked('one', 'warehouse'), asked('two', 'mail'), asked('three', 'mail'), live('four')],
    'warehouse, mail introspected some of them in the last 24 hours, and may accept them',
  ],
  [
    'of which one is not known',
    [asked('one', 'warehouse'), asked('two', null, { lastApi: 'order' })],
    'warehouse and others introspected them',
  ],
  [
    'who asked two days ago',
    [{ ...asked('one', 'warehouse', { lastUsedAt: minutesAgo(2_880) }), blastRadius: unused }],
    null,
  ],
  ['who never asked', [used], null],
])('services that may keep an answer are named before the confirmation: those %s', (_which, all, said) => {
  if (said === null) expect(ofAll(all)).not.toContain('introspected')
  else expect(ofAll(all)).toContain(said)
})

test('the line of a token has its calls by API and by addresses, and who is cut off', () => {
  expect(ofToken(used)).toBe(
    `${tail}1,418 calls in 24 hours (Order 1,400, Payment 18), from 3 addresses, last used 4 minutes ago`,
  )
  // Of a single token it stands above; of several each says it of itself.
  expect(ofToken(used, [used, live('other')])).toContain(cutOff)
})

test('who still calls with an old token is named, with their program, and whether they have gone over', () => {
  const stillCalling = [
    { address: '198.51.100.17', lastUsedAt: minutesAgo(4), usesSuccessor: false },
    { address: '203.0.113.9', lastUsedAt: minutesAgo(8), usesSuccessor: true },
  ]
  const successor = { id: 'successor', lastCharacters: 'Ab12', lastUsedAt: minutesAgo(1), stillCalling }
  const token = {
    ...live('used', { ...used.blastRadius, successor }, minutesAgo(4)),
    ...{ lastAddress: '198.51.100.17', lastClient: 'shipper/2.1' },
  }
  const first =
    '198.51.100.17 (shipper/2.1) called with it 4 minutes ago, and has not called with ending in …Ab12 yet.'
  expect(ofToken(token)).toContain(
    `${first}203.0.113.9 called with it 8 minutes ago, and calls with ending in …Ab12 as well.`,
  )
  expect(ofToken(token, [token, live('other')])).toContain(first)
  expect(ofToken(token, [token, live('other')])).not.toContain('203.0.113.9')
  // Both end: nobody has to go over.
  expect(ofToken(token, [token, live('successor')])).not.toContain('198.51.100.17')
})

test('a token that was used is not said to be unused because its calls were not counted', () => {
  const token = live('used', {}, minutesAgo(4))
  expect(ofToken(token)).toBe(`${tail}calls not counted in 24 hours, last used 4 minutes ago`)
  expect(ofAll([token])).toBe('It was used in the last 24 hours. How often was not counted.')
  expect(ofAll([token, live('unused')])).toBe(
    'Some were used in the last 24 hours. How often was not counted.',
  )
  expect(ofToken(live('long ago', {}, minutesAgo(24 * 60)))).toContain('no calls in 24 hours')
})

test('a renewed token in use says when it was', () => {
  const successor = { id: 'successor', lastCharacters: 'Ab12', lastUsedAt: minutesAgo(9), stillCalling: [] }
  const token = live('used', { ...used.blastRadius, successor }, minutesAgo(4))
  expect(ofToken(token)).toContain('…Ab12 is in use already, last 9 minutes ago.')
})

test('a token that nobody uses cuts nobody off', () => {
  const { successor } = used.blastRadius
  const text = ofToken(live('unused', { successor }))
  expect(text).toContain('no calls in 24 hours, never used')
  expect(text).toMatch(/was never used\.$/)
})

test('a renewed token that is revoked too takes nothing over', () => {
  const successor = live('successor', {}, minutesAgo(1))
  expect(ofToken(used, [used, successor])).toMatch(/…Ab12 ends with it\.$/)
  expect(ofAll([used, successor])).not.toContain('renewed token')
})

test('more than a hundred addresses are not counted on', () => {
  const token = live('used', { ...used.blastRadius, addresses: 'more-than-100' })
  expect(ofToken(token)).toContain('from more than 100 addresses')
})

test('many tokens are added up, the most used API first', () => {
  const other = live('other', { calls: 2_000, apis: [{ api: 'payment', calls: 2_000 }] }, minutesAgo(1))
  expect(ofAll([used, other, live('unused')])).toBe(
    '3,418 calls in the last 24 hours would fail.' +
      'They came with 2 of the 3 tokens: Payment 2,018, Order 1,400.' +
      '1 renewed token was never used: whoever calls is cut off.',
  )
})

test('the token with the most calls comes first, then the one used last', () => {
  const [old, quiet] = [live('old', {}, minutesAgo(90)), live('quiet', {}, minutesAgo(30))]
  expect(byDanger([live('never'), old, used, quiet]).map(({ id }) => id)).toEqual([
    ...['used', 'quiet', 'old', 'never'],
  ])
})
