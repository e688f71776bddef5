import { expect, test } from 'vitest'
import { createTokenText, hexHashOf } from '../tokens/model/secret.ts'
import { lookedForIn } from './looked-for.ts'

const token = createTokenText(Buffer.alloc(32, 7))
const id = '01995c3e-7d3a-7c51-9a34-0d8f3f6b2a10'
const searchesIn = (text: string) =>
  lookedForIn(text).searches.map(({ is, line }) => [line, is.ofToken?.by ?? 'party'])

test('of a text of a token only its hash is left', () => {
  const read = lookedForIn(`a\n${token}\n${id}\n`)
  expect(read).toEqual({
    hashes: [{ is: hexHashOf(token), line: 2, lines: 1 }],
    ids: [{ is: id, line: 3, lines: 1 }],
    ...{ searches: [], brokenTexts: 0, textLines: 3 },
  })
  expect(JSON.stringify(read)).not.toContain(token.slice(4, 20))
})

test('the lines of a short text are names, last characters, or ids', () => {
  expect(searchesIn(`Parcel Pilot\n\n …x7Qd \n${id}\n203.0.113.7`)).toEqual([
    [1, 'party'],
    [3, 'last-characters'],
    [5, 'address'],
  ])
  expect(searchesIn('x7Qd')).toEqual([[1, 'last-characters']])
})

test.each([
  ['a token', token],
  ['a token that was mistyped', token.toLowerCase()],
  ['a token without its end', token.slice(0, -4)],
  ['a token that was broken over lines', `${token.slice(0, 30)}\n${token.slice(30)}`],
  ['any other secret', 'a'.repeat(40)],
])('%s is searched for as nothing else', (_, text) => {
  expect(searchesIn(text)).toEqual([])
})

test.each([
  ['of many lines', 'Parcel\n'.repeat(21)],
  ['with a long line', `Parcel\n${'long '.repeat(21)}`],
  ['of many characters', ' '.repeat(5_000)],
])('a text %s is no list of names', (_, text) => {
  expect(searchesIn(text)).toEqual([])
  expect(searchesIn(text.split('\n')[0] as string)).toHaveLength(text.startsWith('Parcel') ? 1 : 0)
})

test.each([
  ['', 1],
  ['a', 1],
  ['a\n', 1],
  ['a\nb', 2],
  ['\n\n', 2],
])('%j has its lines counted', (text, lines) => {
  expect(lookedForIn(text).textLines).toBe(lines)
})
