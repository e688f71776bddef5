import { expect, test } from 'vitest'
import { filterNames, readListQuery } from '#lib/tokens/review/list-query.ts'
import { readSearch } from '#lib/tokens/review/search.ts'
import { orderNames, setFilters, unreadText } from './filter-names.ts'
import { totalText } from './list-total.tsx'
import { nothingFound } from './no-tokens.tsx'

const exactly = (count: number) => ({ count, more: 'no' as const })

test.each([
  ['14 tokens, of 6 partners', {}, 14, exactly(14)],
  ['1 token, of 6 partners', {}, 1, exactly(1)],
  ['25 of 90 tokens, of 6 partners', {}, 25, exactly(90)],
  ['25 of 10,000+ tokens, of 6 partners', {}, 25, { count: 10_000, more: 'maybe' as const }],
  ['25 of 90 tokens', { show: 'ended' }, 25, exactly(90)],
  ['3 tokens found', { search: 'heron' }, 3, exactly(3)],
  ['25 of 312 tokens found', { quiet: '90' }, 25, exactly(312)],
  ['No token found', { mark: 'new' }, 0, exactly(0)],
  ['0 tokens', {}, 0, exactly(0)],
])('below a list stands: %s', (text, params, shown, listed) => {
  const none = exactly(0)
  const counts = { active: listed, expiring: none, ended: none, parties: exactly(6) }
  const query = readListQuery(params, 'merchant')
  expect(totalText({ side: 'merchant', query, shown, overview: { listed, counts } })).toBe(text)
})

test.each([
  ['heron', 'No partner here has “heron” in its name or ID.'],
  ['pkQQ', 'No partner here has “pkQQ” in its name or ID, and no token here ends in “pkQQ”.'],
  ['…pkQQ', 'No token here ends in “pkQQ”.'],
  ['203.0.113.77', 'No token here was used from the address “203.0.113.77” last.'],
])('where nothing is found for %s the list says what it looked for', (search, text) => {
  expect(nothingFound('merchant', readSearch(search).kind, search)).toBe(text)
})

test('each filter that is set is said, and can be taken away alone', () => {
  const params = {
    ...{ use: 'in-use', quiet: '1', mark: 'renewed', api: 'order', ends: '7' },
    ...{ lasts: '400', issued: '2026-03-31' },
  }
  const set = setFilters(readListQuery(params, 'partner'))
  expect(set.map(({ name }) => name)).toEqual([
    ...['In use', 'Quiet for 1 day', 'Renewed only', 'May call Order', 'Ends within 7 days'],
    ...['Works longer than 400 days', 'Issued before 2026-03-31 (UTC)'],
  ])
  expect(set.flatMap(({ without }) => Object.keys(without))).toEqual(Object.keys(params))
  const ended = setFilters(readListQuery({ show: 'ended', reason: 'none', by: 'expiry' }, 'partner'))
  expect(ended.map(({ name }) => name)).toEqual(['No reason given', 'Ended by: Nobody: Expired'])
})

test('a value that is none is said with what would be right, and every filter has such a sentence', () => {
  for (const name of filterNames) expect(unreadText({ name, typed: 'often' })).toContain('“often”')
  expect(unreadText({ name: 'quiet', typed: '0' })).toContain('1 to 1,830')
})

test.each(['merchant', 'partner'] as const)(
  'every order that the %s is offered is one of its lists',
  (side) => {
    for (const show of ['active', 'expiring', 'ended'] as const)
      for (const [n, [sort]] of orderNames(side, show).entries()) {
        const { sort: by, direction } = readListQuery({ show, sort }, side)
        expect(`${direction === 'desc' ? '-' : ''}${by}`).toBe(sort)
        if (n === 0) expect(readListQuery({ show, sort }, side)).toEqual(readListQuery({ show }, side))
      }
  },
)
