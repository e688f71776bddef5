import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyText } from '#tools/test-run/any-text.ts'
import { cpuMsOf } from '#tools/test-run/cpu-time.ts'
import { createTokenText } from '../tokens/model/secret.ts'
import { idsByLine, tokensByLine } from './tokens-by-line.ts'

const tokenOf = (n: number) => createTokenText(Buffer.alloc(32, n))
const token = tokenOf(7)
const id = '01995c3e-7d3a-7c51-9a34-0d8f3f6b2a10'

test('each token of a log is found once, with its first line and the number of its lines', () => {
  const [first, second] = [tokenOf(1), tokenOf(2)]
  const log = [
    'GET /V1/order 200',
    `<PartnerStoreContractToken>${second}</PartnerStoreContractToken> ${second}`,
    `token=${first}&again=${second}`,
    '',
    `"${first}"\r`,
  ]
  expect(tokensByLine(log.join('\n'))).toEqual({
    tokens: [
      { text: second, line: 2, lines: 2 },
      { text: first, line: 3, lines: 2 },
    ],
    broken: 0,
  })
})

test.each([
  ['a query', `x?token=${token}&y`],
  ['percents', `x%3Ftoken%3D${[...token].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('')}`],
  ['percents with others beside', `a%20b ${token}`],
  ['escapes of JSON', token.replace('.', '\\u002e').replace('_', '\\u005f')],
  ['entities', token.replace('.', '&period;')],
  ['a header in base64', `Authorization: Basic ${Buffer.from(`client:${token}`).toString('base64')}`],
  ['hexadecimal', Buffer.from(token).toString('hex')],
  ['quotation marks', `"${token.slice(0, 30)}" + "${token.slice(30)}"`],
  ['a mark within a word', `${token.slice(0, 30)}\u200b${token.slice(30)}`],
  ['other text without a gap', `id10_${token}10_`],
])('a token is found in %s, on its line alone', (_, line) => {
  expect(tokensByLine(`one\n${line}\nthree`).tokens).toEqual([{ text: token, line: 2, lines: 1 }])
})

test.each([
  ['by a terminal', `${token.slice(0, 30)}\n${token.slice(30)}`],
  ['by a mail', `${token.slice(0, 30)}=\r\n${token.slice(30)}`],
  ['in a quotation', `> ${token.slice(0, 2)}\n> \n> ${token.slice(2)}`],
])('a token that was broken over lines %s is found where it begins', (_, lines) => {
  expect(tokensByLine(`one\n\n${lines}\nlast`).tokens).toMatchObject([{ text: token, line: 3 }])
})

test('what has only the form of a token is counted, each once', () => {
  const mistyped = `${token.slice(0, 20)}${token[20] === 'A' ? 'B' : 'A'}${token.slice(21)}`
  expect(tokensByLine(`${mistyped} ${token.toLowerCase()}\n${mistyped}\n${token}`)).toEqual({
    tokens: [{ text: token, line: 3, lines: 1 }],
    broken: 2,
  })
  expect(tokensByLine(`${token.slice(0, 46)}\n${token.slice(9)} 1.0_`)).toEqual({ tokens: [], broken: 0 })
})

test('a token that was cut is found by what is left of its checksum; without any of that it is counted', () => {
  for (const length of [49, 50, 51, 52]) {
    const cut = tokensByLine(`one\n"${token.slice(0, length)}"\n${token}`)
    expect(cut, `${length}`).toEqual({ tokens: [{ text: token, line: 2, lines: 2 }], broken: 0 })
  }
  expect(tokensByLine(token.slice(0, 48))).toEqual({ tokens: [], broken: 1 })
  expect(tokensByLine(token.slice(0, 47))).toEqual({ tokens: [], broken: 1 })
})

test('tokens among any other text are found, and nothing else is', () => {
  const noise = anyText({ maxLength: 20 }).map((text) => text.replaceAll('1', '2'))
  const part = fc.oneof(noise, fc.constantFrom('1.0_', '10_', '\n', '%', '1.0_AAAA'))
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 5 }),
      fc.array(part, { maxLength: 5 }),
      fc.integer({ min: 0, max: 255 }),
      (before, after, n) => {
        const text = `${before.join('')}\n${tokenOf(n)}\n${after.join('')}`
        const line = before.join('').split('\n').length + 1
        expect(tokensByLine(text).tokens).toEqual([{ text: tokenOf(n), line, lines: 1 }])
      },
    ),
  )
})

test('ids are found in lower case, each once, with its first line and the number of its lines', () => {
  const other = id.replace('0199', 'AB99')
  expect(idsByLine(`/api-settings/${id}?x\n${other} ${other}\n"${id.toUpperCase()}"\nx${id} ${id}0`)).toEqual(
    [
      { text: id, line: 1, lines: 2 },
      { text: other.toLowerCase(), line: 2, lines: 1 },
    ],
  )
  expect(idsByLine('')).toEqual([])
})

const kilobyte = 1024
test.each([
  ['nothing but line breaks', '\n', 256],
  ['short lines', 'a\n', 256],
  ['beginnings of tokens', '1.0_', 256],
  ['beginnings of joined tokens', '10_', 256],
  // As much as can be sent.
  ['percents', '%25', 2_048],
  ['base64', 'QUJD', 256],
  ['hexadecimal', '3130', 256],
  ['near tokens', `1.0_${'a'.repeat(49)} `, 256],
  ['a million readings', '&amp;', 256],
])('a long text of %s is read within seconds', (_, piece, kilobytes) => {
  const text = piece.repeat((kilobytes * kilobyte) / piece.length)
  const took = cpuMsOf(() => {
    expect(tokensByLine(`${text}\n${token}`).tokens.map(({ text }) => text)).toEqual([token])
    expect(idsByLine(text)).toEqual([])
  })
  // Far below what a square of the length would take.
  expect(took).toBeLessThan(5_000)
})
