import { expect, test } from 'vitest'
import { mintToken } from './mint.ts'
import { createTokenText, hashTokenText } from './secret.ts'

test('a new token comes with its hash and its last characters', () => {
  const random = Buffer.alloc(32, 7)
  const text = createTokenText(random)
  expect(mintToken(random)).toEqual({ text, hash: hashTokenText(text), lastCharacters: text.slice(-4) })
})

test('without bytes of its own it is another one each time', () => {
  expect(mintToken().text).not.toBe(mintToken().text)
})
