import { expect, test } from 'vitest'
import { searchTextSchema, typedToFind } from './search-text.ts'

test.each([
  ['a letter and its accent', ' Cafe\u0301\t', 'Caf\u00e9'],
  ['what PostgreSQL does not take', 'a\0b\ud800', 'ab\ufffd'],
  ['more than 100 characters', 'x'.repeat(101), 'x'.repeat(100)],
  ['nothing but space', ' \0 ', ''],
  ['what came along from a mail', '\u200eypa-1\u200b\u202c', 'ypa-1'],
])('typed to find something, %s', (_, typed, found) => {
  expect(typedToFind(typed)).toBe(found)
  expect(searchTextSchema.parse(typed)).toBe(found || undefined)
})

test('what is no text searches for nothing', () => {
  expect(searchTextSchema.parse(['a', 'b'])).toBeUndefined()
})
