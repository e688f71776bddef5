import { expect, test } from 'vitest'
import { momentSchema, type Revocation, revocationSchema } from './schemas.ts'

const idOf = (n: number) => `01900000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
const ids = (count: number) => Array.from({ length: count }, (_, n) => idOf(n))

const input = (more: Partial<Record<keyof Revocation | 'siblingIds', unknown>> = {}) => ({
  tokenIds: [idOf(1)],
  reason: 'exposed',
  ...more,
})
const read = (more: Parameters<typeof input>[0]) => revocationSchema.parse(input(more))
const complaints = (more: Parameters<typeof input>[0]) =>
  revocationSchema.safeParse(input(more)).error?.issues.map(({ path, message }) => [path.join('.'), message])

test('a revocation without more is of the chosen tokens only', () => {
  expect(read({})).toEqual({ tokenIds: [idOf(1)], reason: 'exposed', note: undefined, extent: 'chosen' })
})

test('a choice is of one token at least and of 100 at most', () => {
  expect(complaints({ tokenIds: [] })).toEqual([['tokenIds', 'Choose at least one token.']])
  expect(read({ tokenIds: ids(100) }).tokenIds).toEqual(ids(100))
  expect(complaints({ tokenIds: ids(101) })).toEqual([['tokenIds', 'Choose 100 tokens at most at a time.']])
})

test('a token chosen twice is chosen once, in whatever spelling', () => {
  const id = 'abcdef00-0000-7000-8000-00000000abcd'
  expect(read({ tokenIds: [id, idOf(1), id, id.toUpperCase()] }).tokenIds).toEqual([id, idOf(1)])
})

test.each(['', 'x', `${idOf(1)} `, "' or true --", null, 7])('the id %j is no token’s', (id) => {
  expect(complaints({ tokenIds: [id] })).toHaveLength(1)
})

test.each(['no-longer-working-together', 'exposed', 'another-expiry-date'])(
  'the reason %s needs no words, and what was typed is dropped',
  (reason) => {
    expect(read({ reason })).toMatchObject({ reason, note: undefined })
    expect(read({ reason, note: 'left from another reason' })).toMatchObject({ reason, note: undefined })
  },
)

test('no reason has to be given', () => {
  for (const reason of [null, undefined])
    expect(read({ reason, note: 'left' })).toMatchObject({ reason: null, note: undefined })
})

test.each(['bored', '', 'replaced', 'access-removed'])('%j is no reason that a person chooses', (reason) => {
  expect(complaints({ reason })?.map(([path]) => path)).toEqual(['reason'])
})

test('siblings that were ticked one by one belong to the choice, and are 20 at most', () => {
  expect(read({ siblingIds: [idOf(2), idOf(1)] }).tokenIds).toEqual([idOf(1), idOf(2)])
  const siblingIds = Array.from({ length: 20 }, (_, n) => idOf(1_000 + n))
  expect(read({ tokenIds: ids(100), siblingIds }).tokenIds).toHaveLength(120)
  expect(complaints({ siblingIds: [...siblingIds, idOf(2_000)] })).toHaveLength(1)
})

test.each([undefined, '', ' \n\t', '\0', ' \0 '])('the reason other wants words, and %j is none', (note) => {
  expect(complaints({ reason: 'other', note })).toEqual([['note', 'Say in a few words why.']])
})

test('the words are kept without what stands around them and what a database cannot keep', () => {
  expect(read({ reason: 'other', note: '  moved\0 on \ud800 \n' }).note).toBe('moved on \ufffd')
})

test('the words have 500 characters at most', () => {
  const words = 'a'.repeat(500)
  expect(read({ reason: 'other', note: words }).note).toBe(words)
  expect(read({ reason: 'other', note: ` ${words} ` }).note).toBe(words)
  expect(complaints({ reason: 'other', note: `${words}a` })).toEqual([
    ['note', 'Use 500 characters at most.'],
  ])
})

test('the extent is one of two', () => {
  expect(read({ extent: 'with-siblings' }).extent).toBe('with-siblings')
  expect(complaints({ extent: 'all' })).toHaveLength(1)
})

test('the moment of the review is read as a date', () => {
  expect(read({ siblingsUntil: '2026-11-23T12:00:00.123Z' }).siblingsUntil).toEqual(
    new Date('2026-11-23T12:00:00.123Z'),
  )
})

test.each(['0000-01-01T00:00:00Z', 'yesterday', '', '2026-13-01T00:00:00Z'])('%j is no moment', (text) => {
  expect(momentSchema.safeParse(text).success).toBe(false)
  expect(complaints({ siblingsUntil: text })?.map(([path]) => path)).toContain('siblingsUntil')
})

test('the year 1 is a moment', () => {
  expect(momentSchema.safeParse('0001-01-01T00:00:00Z').success).toBe(true)
})
