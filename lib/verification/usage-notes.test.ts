import { describe, expect, test } from 'vitest'
import { createTokenText } from '../tokens/model/secret.ts'
import type { RecordedCall } from './recorded-call.ts'
import { createUsageNotes } from './usage-notes.ts'

const token = createTokenText()
const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 10, 0, seconds))
const hour = new Date(Date.UTC(2026, 0, 1, 10))

const call = (overrides: Partial<RecordedCall> = {}): RecordedCall => ({
  tokenId: 'a',
  api: 'order',
  cause: null,
  address: '192.0.2.1',
  client: 'sync/1.0',
  at: at(1),
  ...overrides,
})

function noted(...calls: RecordedCall[]) {
  const notes = createUsageNotes(1_000)
  for (const each of calls) notes.add(each)
  return notes.take(100)
}

test('calls of a token are added up by hour and API, refused ones by themselves', () => {
  const { tokenIds, hours } = noted(
    call(),
    call({ at: at(3_599) }),
    call({ at: at(3_600) }),
    call({ api: 'catalog', cause: 'api-not-ticked' }),
    call({ api: 'catalog' }),
    call({ tokenId: 'b', cause: 'expired' }),
  )
  expect(tokenIds).toEqual(['a', 'b'])
  expect(hours).toEqual([
    { tokenId: 'a', hour, api: 'order', calls: 2, refusals: 0 },
    { tokenId: 'a', hour: at(3_600), api: 'order', calls: 1, refusals: 0 },
    { tokenId: 'a', hour, api: 'catalog', calls: 1, refusals: 1 },
    { tokenId: 'b', hour, api: 'order', calls: 0, refusals: 1 },
  ])
})

test('the last use is the latest accepted call, whatever the order in which calls are noted', () => {
  const { uses } = noted(
    call({ at: at(2), api: 'payment', address: '192.0.2.2', client: 'late/2.0' }),
    call({ at: at(1) }),
    call({ at: at(9), cause: 'expired' }),
  )
  expect(uses).toEqual([
    { tokenId: 'a', at: at(2), api: 'payment', address: '192.0.2.2', client: 'late/2.0' },
  ])
})

test('a token that was only refused has no last use and no address', () => {
  const { uses, addresses, hours } = noted(call({ cause: 'expired' }))
  expect({ uses, addresses }).toEqual({ uses: [], addresses: [] })
  expect(hours).toHaveLength(1)
})

test('calls with a revoked token are attempts: how many, from when to when, and who came last', () => {
  const { attempts } = noted(
    call({ cause: 'revoked', at: at(5), address: '192.0.2.5', client: 'five' }),
    call({ cause: 'revoked', at: at(2), address: '192.0.2.2', client: 'two' }),
    call({ cause: 'expired', at: at(9) }),
  )
  expect(attempts).toEqual([
    { tokenId: 'a', count: 2, firstAt: at(2), lastAt: at(5), address: '192.0.2.5', client: 'five' },
  ])
})

test('an address is noted once, with its latest moment, and 20 of a token at most', () => {
  const { addresses } = noted(
    call({ at: at(5) }),
    call({ at: at(2) }),
    ...Array.from({ length: 40 }, (_, n) => call({ address: `198.51.100.${n}` })),
    call({ address: null, at: at(99) }),
  )
  expect(addresses).toHaveLength(20)
  expect(addresses[0]).toEqual({ tokenId: 'a', address: '192.0.2.1', at: at(5) })
})

describe('what a client calls itself', () => {
  test.each([
    ['is cut after 200 characters', '1234 '.repeat(3_200), '1234 '.repeat(40).trim()],
    ['is not cut through a character', `${'1234 '.repeat(39)}1234😀`, `${'1234 '.repeat(39)}1234`],
    ['has no token in it', `sync/1.0 (${token})`, 'sync/1.0 (…)'],
    ['has no part of a token at its end', `${'1234 '.repeat(38)}${token}`, `${'1234 '.repeat(38)}…`],
    ['has no token in pieces', `sync ${token.slice(0, 26)}\u00ad${token.slice(26)}`, 'sync …'],
    ['has no control characters', 'a\u0000b\nc\u009bd\u202ee', 'abcde'],
    ['is nothing where only those are there', ' \r\n\t', null],
    ['may be nothing', null, null],
  ])('%s', (_, client, expected) => {
    const { uses, attempts } = noted(call({ client }), call({ client, cause: 'revoked' }))
    expect(uses[0]?.client).toBe(expected)
    expect(attempts[0]?.client).toBe(expected)
  })
})

describe('memory is bounded', () => {
  test('further tokens are left out, known ones go on', () => {
    const notes = createUsageNotes(6)
    const added = ['a', 'b', 'c', 'a'].map((tokenId) => notes.add(call({ tokenId })))
    expect(added).toEqual([true, true, false, true])
    expect(notes.take(9).hours.map(({ tokenId, calls }) => [tokenId, calls])).toEqual([
      ['a', 2],
      ['b', 1],
    ])
  })

  test('further hours are left out', () => {
    const notes = createUsageNotes(3)
    expect(notes.add(call())).toBe(true)
    expect(notes.add(call({ at: at(3_600) }))).toBe(false)
    expect(notes.take(9).hours).toHaveLength(1)
  })

  test('a further address is left out, its call is counted', () => {
    const notes = createUsageNotes(3)
    expect(notes.add(call())).toBe(true)
    expect(notes.add(call({ address: '192.0.2.9' }))).toBe(true)
    const batch = notes.take(9)
    expect(batch.addresses).toHaveLength(1)
    expect(batch.hours).toMatchObject([{ calls: 2 }])
  })

  test('what is taken out makes room again', () => {
    const notes = createUsageNotes(3)
    for (let n = 0; n < 10; n++) {
      expect(notes.add(call({ tokenId: `token ${n}` }))).toBe(true)
      expect(notes.take(1).tokenIds).toEqual([`token ${n}`])
    }
    expect(notes.tokens).toBe(0)
  })
})

test('tokens are taken out in the order in which they came', () => {
  const notes = createUsageNotes(1_000)
  for (const tokenId of ['b', 'a', 'c', 'b']) notes.add(call({ tokenId }))
  expect(notes.take(2).tokenIds).toEqual(['b', 'a'])
  expect(notes.tokens).toBe(1)
  expect(notes.take(2).tokenIds).toEqual(['c'])
  expect(notes.take(2)).toEqual({
    tokenIds: [],
    uses: [],
    hours: [],
    addresses: [],
    attempts: [],
    whilePaused: [],
  })
})
