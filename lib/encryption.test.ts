import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DecryptionError, decrypt, encrypt, isUnderOldKey } from './encryption.ts'
import { readKeyring } from './keyring.ts'

const key = () => randomBytes(32).toString('base64')
const [oldKey, newKey] = [`2026-a:${key()}`, `2026-b:${key()}`]

test('what was encrypted is read again, whatever it was', () => {
  const keys = readKeyring(newKey)
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const sealed = encrypt(keys, text, 'row 1')
      expect(decrypt(keys, sealed, 'row 1')).toBe(text)
      if (text.length > 3) expect(sealed).not.toContain(text)
    }),
  )
})

test('the same text is never encrypted to the same twice', () => {
  const keys = readKeyring(newKey)
  expect(encrypt(keys, 'text', 'row')).not.toBe(encrypt(keys, 'text', 'row'))
})

test('after a change of keys the old one still reads, and the new one writes', () => {
  const sealed = encrypt(readKeyring(oldKey), 'text', 'row')
  const rotated = readKeyring(`${newKey}, ${oldKey}`)
  expect(decrypt(rotated, sealed, 'row')).toBe('text')
  expect(isUnderOldKey(rotated, sealed)).toBe(true)
  expect(isUnderOldKey(rotated, encrypt(rotated, 'text', 'row'))).toBe(false)
})

test('without its key, changed, or in another place it is not read', () => {
  const sealed = encrypt(readKeyring(oldKey), 'text', 'row 1')
  const changed = `${sealed.slice(0, -1)}${sealed.endsWith('A') ? 'B' : 'A'}`
  expect(() => decrypt(readKeyring(newKey), sealed, 'row 1')).toThrow(DecryptionError)
  expect(() => decrypt(readKeyring(oldKey), sealed, 'row 2')).toThrow(DecryptionError)
  expect(() => decrypt(readKeyring(oldKey), changed, 'row 1')).toThrow(DecryptionError)
  expect(() => decrypt(readKeyring(oldKey), '2026-a.', 'row 1')).toThrow(DecryptionError)
})

test.each([
  ['', 'a name of letters'],
  ['2026', 'must be 32 bytes'],
  ['2026:c2hvcnQ=', 'must be 32 bytes'],
  [`a b:${key()}`, 'a name of letters'],
  [`a:${key()},a:${key()}`, 'the same name'],
])('the keys “%s” are refused in clear words', (text, words) => {
  expect(() => readKeyring(text)).toThrow(words)
})
