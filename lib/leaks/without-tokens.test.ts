import { expect, test } from 'vitest'
import { createTokenText } from '../tokens/model/secret.ts'
import { addressWithoutTokens, wordsWithoutTokens } from './without-tokens.ts'

const token = createTokenText(Buffer.alloc(32, 7))
const commit = '0123456789abcdef0123456789abcdef01234567'

test.each([
  [`https://code.example/a/blob/${commit}/.env#L7`, `https://code.example/a/blob/${commit}/.env#L7`],
  [`https://code.example/${token}/a`, 'https://code.example/…/a'],
  [`https://code.example/a?page=2&token=${token}`, 'https://code.example/a?page=2'],
  [`https://code.example/a?${encodeURIComponent(token)}`, 'https://code.example/a'],
  [`https://code.example/a#${token}`, 'https://code.example/a…'],
  [`https://code.example/${token.slice(0, 30)}/${token.slice(30)}`, 'https://code.example/…'],
  [`https://me:${token}@code.example/a`, 'https://code.example/a'],
  [` https://code.example/ü `, 'https://code.example/%C3%BC'],
  ['javascript:alert(1)', null],
  ['ftp://code.example/a', null],
  ['on the train', null],
  ['', null],
])('%s is kept as %s', (typed, kept) => {
  expect(addressWithoutTokens(typed, 2_000)).toBe(kept)
})

test('a long address is cut', () => {
  expect(addressWithoutTokens(`https://code.example/${'a'.repeat(3_000)}`, 2_000)).toHaveLength(2_000)
  expect(addressWithoutTokens(`https://code.example/${'a'.repeat(20_000)}`, 2_000)).toBeNull()
})

test.each([
  [`It stands in\nyour log: ${token} !`, 'It stands in your log: … !'],
  [`token=${token}`, '…'],
  [`${token.slice(0, 30)} ${token.slice(30)}`, null],
  ['a\u202eb\u200b\u0000c', 'ab c'],
  [`Z${'\u0300'.repeat(40)}algo`, 'Z\u0300\u0300\u0300algo'.normalize('NFC')],
  [' \n ', null],
])('the words %j are kept as %j', (typed, kept) => {
  expect(wordsWithoutTokens(typed, 500)).toBe(kept)
})

test('many words are cut', () => {
  expect(wordsWithoutTokens('word '.repeat(1_000), 500)).toHaveLength(500)
})
