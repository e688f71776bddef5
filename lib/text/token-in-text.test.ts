import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cpuMsOf } from '#tools/test-run/cpu-time.ts'
import { mintCredential } from '../credentials/model/text.ts'
import { createTokenText } from '../tokens/model/secret.ts'
import { holdsToken } from './token-in-text.ts'

const token = createTokenText(Buffer.alloc(32, 7))
const credential = mintCredential(Buffer.alloc(32, 7)).text
/** Its random half is nothing but hyphens. */
const hyphens = createTokenText(Buffer.from('fbefbe'.repeat(11).slice(0, 64), 'hex'))
const fullWidth = [...token].map((c) => String.fromCodePoint((c.codePointAt(0) ?? 0) + 0xfee0)).join('')

test.each([
  token,
  `It was ${token}, by mistake.`,
  `"${token}"`,
  `1.0_1.0_${token}AA`,
  `https://hooks.example/?token=${token}`,
  `https://hooks.example/${[...token].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('')}`,
  `https://hooks.example/?next=${encodeURIComponent(`/x?t=1%2E0_${token.slice(4)}`)}`,
  `${token.slice(0, 30)}\r\n  ${token.slice(30)}`,
  `${token.slice(0, 30)}\u200b${token.slice(30)}`,
  `${token.slice(0, 30)}\u00ad${token.slice(30)}`,
  fullWidth,
  `Authorization: Basic ${Buffer.from(`client:${token}`).toString('base64')}`,
  Buffer.from(token).toString('base64url'),
  Buffer.from(`id${token}AA`).toString('base64'),
  Buffer.from(token).toString('base64').replace(/.{40}/g, '$&\r\n'),
  Buffer.from(token).toString('hex'),
  Buffer.from(token).toString('hex').replace(/../g, '$& '),
  // As mails, chats, pages and programs write it.
  `> ${token.slice(0, 30)}\n> ${token.slice(30)}`,
  `${token.slice(0, 30)}=\r\n${token.slice(30)}`,
  `"${token.slice(0, 30)}" + "${token.slice(30)}"`,
  [...token].map((c) => `&#${c.charCodeAt(0)};`).join(''),
  [...token].map((c) => `&#x${c.charCodeAt(0).toString(16)};`).join(''),
  [...token].map((c) => `\\u00${c.charCodeAt(0).toString(16)}`).join(''),
  [...token].map((c) => `&#${c.charCodeAt(0)}`).join(''),
  [...token].map((c) => `&#x${c.charCodeAt(0).toString(16)}`).join(''),
  [...token].map((c) => `\\x${c.charCodeAt(0).toString(16)}`).join(''),
  [...token].map((c) => `=${c.charCodeAt(0).toString(16).toUpperCase()}`).join(''),
  token.replace('.', '=2E').replace('_', '=5F'),
  token.replace('.', '&period;').replace('_', '&lowbar;'),
  token.replace('_', '&UnderBar;'),
  hyphens.replaceAll('-', '&hyphen;'),
  hyphens.replaceAll('-', '&dash;'),
  `x${Buffer.from(token).toString('base64url')}`,
  `a${Buffer.from(token).toString('hex')}`,
  token.replace('1', '&amp;#49;'),
  token.replaceAll('_', '\\_').replaceAll('-', '\u2013'),
  `**${token.slice(0, 9)}**${token.slice(9)}`,
  [...token].join('.'),
  token.replace('1.0_', '1, 0_'),
  token.replace(/.{9}/, '$&\u0301'),
  // In pieces, by what nobody sees where it is shown.
  ...['<wbr>', '</b>', '&shy;', '&#8203;', '&#x200B;', '%E2%80%8B', '=E2=80=8B', '\\u200b', '\\u{ad}'].map(
    (unseen) => token.replace(/.{9}/g, `$&${unseen}`),
  ),
  [...token].map((c) => `\\u{${c.charCodeAt(0).toString(16)}}`).join(''),
  [...token].map((c) => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`).join(''),
  // As programs write text of two bytes a character, such as a command for PowerShell.
  Buffer.from(`x ${token}`, 'utf16le').toString('base64'),
  Buffer.from(token, 'utf16le').toString('hex'),
  // With the numbers of lines.
  (token.match(/.{1,9}/g) ?? []).map((part, n) => `${n + 1}. ${part}`).join('\n'),
  (token.match(/.{1,9}/g) ?? []).map((part, n) => `    ${n + 9}\t${part}`).join('\r\n'),
  // A service credential, and one in other letters or without its end.
  ...[credential, credential.toUpperCase(), credential.slice(0, -3), encodeURIComponent(`x=${credential}`)],
  ...[`Bearer ${credential}`, Buffer.from(credential).toString('base64'), credential.slice(2)],
  // Nearly right: the checksum would lead to the token.
  token.toLowerCase(),
  `IT WAS ${token.toUpperCase()}.`,
  fullWidth.toUpperCase(),
  `https://hooks.example/?token=${token.slice(0, 20)}${token.slice(20).toUpperCase()}`,
  `https://hooks.example/?token%3D${token.toLowerCase()}`,
  Buffer.from(token.toUpperCase()).toString('base64'),
  `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`,
  // Its secret is whole: the rest is the same for all, or can be computed.
  token.slice(0, -1),
  `"${token.slice(0, 47)}"`,
  ...[1, 2, 3, 4].map((start) => token.slice(start)),
  ...['l.0_', '1.O_', '1.0-', '1.0 ', ''].map((prefix) => `It was ${prefix}${token.slice(4)}.`),
])('there is a token in %s', (text) => {
  expect(holdsToken(text)).toBe(true)
})

test.each([
  '',
  '1.0_',
  ...['ptsc_', 'ptsc_of_a_program', `xptsc_${'a'.repeat(49)}`],
  'version 1.0_rc',
  token.slice(0, 46),
  token.slice(5),
  `x${token.toLowerCase()}`,
  `${token.toLowerCase()}x`,
  `1.0_${'slug-of-a-page-'.repeat(4)}`,
  '%%%E0%A4%A',
])('there is none in %j', (text) => {
  expect(holdsToken(text)).toBe(false)
})

test('every token is found, between whatever words', () => {
  const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 })
  fc.assert(
    fc.property(bytes, fc.string(), fc.string(), (random, before, after) => {
      expect(holdsToken(`${before} ${createTokenText(Buffer.from(random))}${after}`)).toBe(true)
    }),
  )
})

test.each(['1.0_', '%41', 'A', 'QUFB', '=41'])(
  'a long text of nothing but %j costs what its length costs, not the square of it',
  (piece) => {
    // The least of three: a collection of garbage or a compilation makes one longer, and none shorter.
    const cpuOf = (length: number) => {
      const text = piece.repeat(length / piece.length)
      return Math.min(...[1, 2, 3].map(() => cpuMsOf(() => expect(holdsToken(text)).toBe(false))))
    }
    expect(cpuOf(200_000) / cpuOf(25_000)).toBeLessThan(32)
  },
)
