import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cursorOf, placeOf, readListQuery, writeListQuery } from './list-query.ts'

const anyParams = fc.dictionary(
  fc.constantFrom('show', 'mark', 'search', 'sort', 'after', 'before', 'x'),
  fc.oneof(
    fc.string(),
    fc.array(fc.string()),
    fc.constantFrom('ended', 'expiring', 'new', 'renewed', '-created', 'name', '-name', 'ended', '-ended'),
  ),
)

test('whatever stands in an address is understood as some list', () => {
  fc.assert(
    fc.property(anyParams, (params) => {
      const query = readListQuery(params)
      expect(query.search?.length ?? 1).toBeGreaterThan(0)
      expect(query.show === 'ended').toBe(query.sort === 'ended')
      placeOf(query)
    }),
  )
})

test('an address that we write is read as the same list', () => {
  fc.assert(
    fc.property(anyParams, (params) => {
      const query = readListQuery(params)
      expect(readListQuery(Object.fromEntries(writeListQuery(query)))).toEqual(query)
    }),
  )
})

test('the first page of the active tokens needs no parameters', () => {
  expect(writeListQuery(readListQuery({})).toString()).toBe('')
})

test('a cursor of a list in the order of time leads back to its position', () => {
  const position = { at: new Date('2026-11-23T12:00:00.123Z'), id: '01900000-0000-7000-8000-000000000001' }
  expect(placeOf(readListQuery({ sort: 'expires', before: cursorOf(position) }))).toEqual({
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
  const query = readListQuery({ sort: 'name', after: cursorOf(position) })
  expect(placeOf(query)).toEqual({ way: 'after', keys: position })
})

test.each(['', 'x', 'bnVsbA', Buffer.from('["yesterday","1"]').toString('base64url')])(
  'a cursor that nobody wrote is the first page: %j',
  (after) => {
    expect(placeOf(readListQuery({ after }))).toBeUndefined()
  },
)
