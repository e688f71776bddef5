import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readKeyring } from '../process/keyring.ts'
import { decrypt, encrypt } from './encryption.ts'

const key = () => randomBytes(32).toString('base64')
const [oldKey, newKey] = [`2026-a:${key()}`, `2026-b:${key()}`]

test('what was encrypted is read again, whatever it was', () => {
  const keys = readKeyring(newKey)
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const sealed = encrypt(keys, text, 'row 1')
      expect(decrypt(keys, sealed, 'row 1')).toEqual({ ok: true, value: text })
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
  expect(decrypt(rotated, sealed, 'row')).toEqual({ ok: true, value: 'text' })
  expect(encrypt(rotated, 'text', 'row')).toMatch(/^2026-b\./)
})

test('without its key, changed, or in another place it is not read', () => {
  const sealed = encrypt(readKeyring(oldKey), 'text', 'row 1')
  // Not the last character: some of its bits count for nothing.
  const changed = sealed.replace(/.(?=.{5}$)/, (one) => (one === 'A' ? 'B' : 'A'))
  expect(decrypt(readKeyring(newKey), sealed, 'row 1')).toEqual({ ok: false, refusal: 'no-key' })
  for (const [text, row] of [
    [sealed, 'row 2'],
    [changed, 'row 1'],
    ['2026-a.', 'row 1'],
  ] as const) {
    expect(decrypt(readKeyring(oldKey), text, row)).toEqual({ ok: false, refusal: 'not-ours' })
  }
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
