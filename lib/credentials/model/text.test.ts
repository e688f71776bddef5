import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isCredentialForm } from '../../text/credential-form.ts'
import { isWellFormed } from '../../text/token-form.ts'
import { holdsToken } from '../../text/token-in-text.ts'
import { tokensByLine } from '../../text/tokens-by-line.ts'
import { createTokenText, hashTokenText } from '../../tokens/model/secret.ts'
import { mintCredential, readCredential } from './text.ts'

const random = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes))

test('every credential is ptsc_ and 49 characters, and is read as what it is', () => {
  fc.assert(
    fc.property(random, (bytes) => {
      const { text, hash, lastCharacters } = mintCredential(bytes)
      expect(text).toMatch(/^ptsc_[A-Za-z0-9_-]{49}$/)
      expect(readCredential(text)).toEqual({ ok: true, value: { hash } })
      expect(hash).toEqual(hashTokenText(text))
      expect(text.endsWith(lastCharacters)).toBe(true)
    }),
  )
})

test('of one secret the token and the credential are never taken for each other', () => {
  fc.assert(
    fc.property(random, (bytes) => {
      const [{ text }, token] = [mintCredential(bytes), createTokenText(bytes)]
      expect(isWellFormed(text)).toBe(false)
      expect(isCredentialForm(token)).toBe(false)
      expect(readCredential(token)).toEqual({ ok: false, refusal: 'token' })
      // With the prefix of the other, the checksum of neither is right.
      expect(isWellFormed(`1.0_${text.slice(5)}`)).toBe(false)
      expect(isCredentialForm(`ptsc_${token.slice(4)}`)).toBe(false)
    }),
  )
})

test('whoever searches a text for tokens finds no credential in it, and no free text takes one', () => {
  fc.assert(
    fc.property(random, (bytes) => {
      const { text } = mintCredential(bytes)
      expect(tokensByLine(`a\nAuthorization: Bearer ${text}\n`)).toEqual({ tokens: [], broken: 0 })
      expect(holdsToken(`It is ${text}.`)).toBe(true)
    }),
  )
})

test.each([
  [
    'with one character changed',
    (text: string) => `${text.slice(0, 20)}${text[20] === 'x' ? 'y' : 'x'}${text.slice(21)}`,
  ],
  ['cut off', (text: string) => text.slice(0, -1)],
  ['with something behind it', (text: string) => `${text}A`],
  ['in other letters', (text: string) => text.toUpperCase()],
])('a credential %s is none', (_, changed) => {
  expect(readCredential(changed(mintCredential(Buffer.alloc(32, 7)).text))).toEqual({
    ok: false,
    refusal: 'malformed',
  })
})
