import fc from 'fast-check'
import { expect, test } from 'vitest'
import { maxFilterDays } from '../limits.ts'
import {
  cursorOf,
  filterNames,
  placeOf,
  readListExactly,
  readListQuery,
  unreadFilters,
  writeListQuery,
} from './list-query.ts'

const anyParams = fc.dictionary(
  fc.constantFrom('show', 'search', 'sort', 'after', 'before', 'x', ...filterNames),
  fc.oneof(
    fc.string(),
    fc.array(fc.string()),
    fc.constantFrom(
      'ended',
      'expiring',
      'new',
      'renewed',
      'in-use',
      'waiting',
      'paused',
      'order',
      '30',
      ' 400 ',
    ),
    fc.constantFrom('2026-03-31', '0000-01-01', '2026-02-30', 'expiry', 'none', 'exposed', 'merchant'),
    fc.constantFrom('-created', 'name', '-name', 'needs', '-needs', 'used', 'expires', '-ended'),
  ),
)
const side = fc.constantFrom('merchant' as const, 'partner' as const)

test('whatever stands in an address is understood as some list', () => {
  fc.assert(
    fc.property(anyParams, side, (params, side) => {
      const query = readListQuery(params, side)
      expect(query.search?.length ?? 1).toBeGreaterThan(0)
      expect(query.show === 'ended').toBe(query.sort === 'ended')
      const others = query.show === 'ended' ? ['use', 'quiet', 'issued'] : ['reason', 'by']
      for (const name of others) expect(query).not.toHaveProperty(name)
      if (query.sort === 'needs')
        expect([query.show, query.direction, side]).toEqual(['active', 'asc', 'merchant'])
      placeOf(query)
    }),
  )
})

test('an address that we write is read as the same list', () => {
  fc.assert(
    fc.property(anyParams, side, (params, side) => {
      const query = readListQuery(params, side)
      expect(readListQuery(Object.fromEntries(writeListQuery(query, side)), side)).toEqual(query)
    }),
  )
})

test.each([
  [
    'quiet',
    ['1', ' 90 ', `${maxFilterDays}`],
    ['0', '-1', '1.5', '1e3', `${maxFilterDays + 1}`, 'often', '٣'],
  ],
  ['lasts', ['365'], ['a year']],
  ['issued', ['2026-03-31', '0001-01-01'], ['2026-02-30', '31.3.2026', '0000-01-01', '2026-03-31T10:00Z']],
  ['use', ['last-24-hours'], ['quiet-30']],
  ['mark', ['renewed'], ['Renewed']],
] as const)('the filter %s takes %j, and says of %j that they are none', (name, good, bad) => {
  for (const value of good) {
    expect(readListQuery({ [name]: value }, 'merchant')).toHaveProperty(name)
    expect(unreadFilters({ [name]: value })).toEqual([])
  }
  for (const value of bad) {
    expect(readListQuery({ [name]: value, api: 'order' }, 'merchant')).not.toHaveProperty(name)
    expect(unreadFilters({ [name]: value, api: 'order' })).toEqual([{ name, typed: value }])
  }
  expect(unreadFilters({ [name]: ' ' })).toEqual([])
  // Of the other list: as if it were not there.
  expect(unreadFilters({ [name]: bad[0], show: 'ended' })).toEqual([])
})

test('the first page of the active tokens needs no parameters', () => {
  for (const side of ['merchant', 'partner'] as const)
    expect(writeListQuery(readListQuery({}, side), side).toString()).toBe('')
  expect(readListQuery({}, 'merchant')).toMatchObject({ sort: 'needs', direction: 'asc' })
  expect(readListQuery({}, 'partner')).toMatchObject({ sort: 'name', direction: 'asc' })
})

test('a cursor of a list in the order of time leads back to its position', () => {
  const position = { at: new Date('2026-11-23T12:00:00.123Z'), id: '01900000-0000-7000-8000-000000000001' }
  expect(placeOf(readListQuery({ sort: 'expires', before: cursorOf(position) }, 'partner'))).toEqual({
    way: 'before',
    keys: position,
  })
})

test('a cursor of a list in the order of names leads back to its position', () => {
  const position = {
    at: new Date('2026-11-23T12:00:00.123Z'),
    id: '01900000-0000-7000-8000-000000000001',
    name: 'Стройсклад',
    otherId: 'ypa-005259400003',
  }
  const query = readListQuery({ sort: 'name', after: cursorOf(position) }, 'partner')
  expect(placeOf(query)).toEqual({ way: 'after', keys: position })
})

test('a cursor of a list in the order of needs leads back to its position, and one of names does not lead there', () => {
  const position = {
    at: new Date('2026-11-23T12:00:00.123Z'),
    ...{ id: '01900000-0000-7000-8000-000000000001', name: 'Стройсклад', otherId: 'ypa-005259400003' },
  }
  const needs = (rank?: number) => readListQuery({ before: cursorOf({ ...position, rank }) }, 'merchant')
  expect(placeOf(needs(2))).toEqual({ way: 'before', keys: { ...position, rank: 2 } })
  expect(placeOf(needs())).toBeUndefined()
  expect(placeOf(needs(4))).toBeUndefined()
})

test.each(['', 'x', 'bnVsbA', Buffer.from('["yesterday","1"]').toString('base64url')])(
  'a cursor that nobody wrote is the first page: %j',
  (after) => {
    expect(placeOf(readListQuery({ after }, 'partner'))).toBeUndefined()
  },
)

test('a program that names what the list knows is shown the list that a page would show', () => {
  const params = {
    show: 'active',
    search: 'parcel',
    sort: '-created',
    use: 'in-use',
    quiet: '30',
    api: 'order',
  }
  expect(readListExactly(params, 'partner')).toEqual({ ok: true, value: readListQuery(params, 'partner') })
  const after = cursorOf({ at: new Date(0), id: '01995c3e-7d3a-7c51-9a34-0d8f3f6b2a10' })
  expect(readListExactly({ sort: 'expires', after }, 'partner').ok).toBe(true)
})

test.each<[Record<string, string>, unread: string[]]>([
  [{ show: 'all' }, ['show']],
  [{ shown: 'ended' }, ['shown']],
  [{ search: ' ' }, ['search']],
  [{ search: 'x'.repeat(101) }, ['search']],
  [{ sort: 'needs' }, ['sort']],
  [{ sort: 'ended' }, ['sort']],
  [{ quiet: '30 days', use: '' }, ['quiet', 'use']],
  // Filters of another list would be as if they were not there.
  [{ reason: 'exposed' }, ['reason']],
  [{ show: 'ended', mark: 'new', by: 'partner' }, ['mark']],
  [{ found: '01995c3e-7d3a-7c51-9a34-0d8f3f6b2a10' }, ['found']],
  [{ after: 'made-up' }, ['after']],
  [{ before: 'made-up' }, ['before']],
])('what a program names and no list knows is named to it: %j', (params, unread) => {
  expect(readListExactly(params, 'partner')).toEqual({ ok: false, refusal: { unread } })
})
