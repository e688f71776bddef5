import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isWellFormed } from '../../text/token-form.ts'
import {
  createTokenText,
  hashTokenText,
  hexHashOf,
  lastCharactersOf,
  readPresentedToken,
  withoutSecrets,
} from './secret.ts'

const random = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes))
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-'

test('a token is 1.0_ and 49 characters of the wire alphabet, 200 at most in all', () => {
  fc.assert(
    fc.property(random, (bytes) => {
      expect(createTokenText(bytes)).toMatch(/^1\.0_[A-Za-z0-9._-]{49}$/)
    }),
  )
})

test('every token that we make is well formed, and ends in its last characters', () => {
  fc.assert(
    fc.property(random, (bytes) => {
      const text = createTokenText(bytes)
      expect(isWellFormed(text)).toBe(true)
      expect(text.endsWith(lastCharactersOf(text))).toBe(true)
    }),
  )
})

test('a token with one character changed is not well formed', () => {
  fc.assert(
    fc.property(random, fc.nat({ max: 52 }), fc.constantFrom(...alphabet), (bytes, at, character) => {
      const text = createTokenText(bytes)
      fc.pre(text[at] !== character)
      expect(isWellFormed(text.slice(0, at) + character + text.slice(at + 1))).toBe(false)
    }),
  )
})

test('what is cut short, has something added or comes from elsewhere is not well formed', () => {
  fc.assert(
    fc.property(random, fc.string(), (bytes, other) => {
      const text = createTokenText(bytes)
      expect(isWellFormed(text.slice(1))).toBe(false)
      expect(isWellFormed(text.slice(0, -1))).toBe(false)
      expect(isWellFormed(`${text}\n`)).toBe(false)
      expect(isWellFormed(` ${text}`)).toBe(false)
      expect(isWellFormed(other)).toBe(false)
    }),
  )
})

/** Whatever it is, with the checksum that a token of ours would have. */
function checksummed(body: string) {
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(body))
  return body + checksum.toString('base64url')
}

test.each([
  ['one byte too few', `1.0_${'A'.repeat(42)}`, false],
  ['one byte too many', `1.0_${'A'.repeat(44)}`, false],
  ['another version', `1.1_${'A'.repeat(43)}`, false],
  ['any character for the dot', `1x0_${'A'.repeat(43)}`, false],
  ['a character of no token', `1.0_${'A'.repeat(42)}~`, false],
  ['something before it', `x1.0_${'A'.repeat(43)}`, false],
  ['all as it has to be', `1.0_${'A'.repeat(43)}`, true],
])('a right checksum does not make a token of it: %s', (_, body, is) => {
  expect(isWellFormed(checksummed(body))).toBe(is)
})

test('two tokens are never the same', () => {
  const texts = new Set(Array.from({ length: 1000 }, () => createTokenText()))
  expect(texts.size).toBe(1000)
})

test('the hash is the SHA-256 of the text', () => {
  expect(hashTokenText('1.0_abc').toString('hex')).toBe(
    '0a629005231c348dfadeb3620d96c2be9482c0d2e3e7647554af7cdbc38d0079',
  )
  expect(hexHashOf('1.0_abc')).toBe('0a629005231c348dfadeb3620d96c2be9482c0d2e3e7647554af7cdbc38d0079')
})

describe('what a caller wrote is kept without', () => {
  const encode = (text: string) => [...text].map((one) => `%${one.charCodeAt(0).toString(16)}`).join('')
  test.each([
    ['a token', (text: string) => text],
    ['its secret half', (text: string) => text.slice(4)],
    ['its random part alone', (text: string) => text.slice(4, -6)],
    ['a token in base64', (text: string) => Buffer.from(text).toString('base64')],
    ['a token as the password of Basic', (text: string) => Buffer.from(`me:${text}`).toString('base64url')],
    ['a token in percents', encode],
    ['a token in hexadecimal', (text: string) => Buffer.from(text).toString('hex')],
  ])('%s', (_, write) => {
    fc.assert(
      fc.property(random, (bytes) => {
        const written = write(createTokenText(bytes))
        expect(withoutSecrets(`sync/1.0 (key ${written}; x)`)).toBe('sync/1.0 (key …; x)')
      }),
    )
  })
})

test('a word of 40 characters is left out, one of 39 is kept', () => {
  const [kept, leftOut] = ['a'.repeat(39), 'a'.repeat(40)]
  expect(withoutSecrets(leftOut)).toBe('…')
  expect(withoutSecrets(`sync ${leftOut} ${kept}`)).toBe(`sync … ${kept}`)
})

test.each([
  '',
  'axios/1.7.2',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  'sync/1.0_beta (+https://sync.example.com/about)',
])('the name of a program is kept: %s', (name) => {
  expect(withoutSecrets(name)).toBe(name)
})

describe('a presented token', () => {
  const token = createTokenText()

  test.each(['', ' ', '\n', '\r\n', '\r', '\t', ' \t\r\n\n', '\v\f', '\u00a0', '\ufeff'])(
    'is read without the white space around it: %j',
    (space) => {
      for (const text of [space + token, token + space, space + token + space]) {
        expect(readPresentedToken(text)).toEqual({ ok: true, value: token })
      }
    },
  )

  test.each(['"', "'", '`', '“', '<', '.', ',', ';', '\\n', '%0A', '\u200b', '\0', '='])(
    'with %j around it is none',
    (mark) => {
      for (const text of [mark + token, token + mark, mark + token + mark]) {
        expect(readPresentedToken(text)).toEqual({ ok: false, refusal: 'malformed' })
      }
    },
  )

  test.each([
    ['white space inside', `${token.slice(0, 20)}\n${token.slice(20)}`],
    ['two of them', `${token}\n${token}`],
    ['the scheme of a header before it', `Bearer ${token}`],
    ['the file instead of what is in it', '@token.txt'],
    ['its last character lost', token.slice(0, -1)],
    ['another case', token.toUpperCase()],
  ])('with %s is none', (_, text) => {
    expect(readPresentedToken(text)).toEqual({ ok: false, refusal: 'malformed' })
  })

  test.each([undefined, '', ' \r\n'])('that is nothing but white space is missing: %j', (text) => {
    expect(readPresentedToken(text)).toEqual({ ok: false, refusal: 'missing' })
  })
})
