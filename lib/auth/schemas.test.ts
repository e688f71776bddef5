import { expect, test } from 'vitest'
import { formatsSchema } from './formats.ts'
import { emailSchema, nameSchema, newPasswordSchema } from './schemas.ts'

const twice = (password: string) => newPasswordSchema.safeParse({ password, again: password }).success

test('a password has 12 to 200 characters, more than three of them different', () => {
  expect(twice('a few words!')).toBe(true)
  expect(twice('parola è lunga')).toBe(true)
  expect(twice('short words')).toBe(false)
  expect(twice('abcabcabcabcabc')).toBe(false)
  expect(twice('abcd'.repeat(50))).toBe(true)
  expect(twice(`${'abcd'.repeat(50)}e`)).toBe(false)
  // Counted as people count: six characters in twelve units.
  expect(twice('🗝🚪🏠🔒🔑🧰')).toBe(false)
})

test('a password must be typed the same twice', () => {
  const result = newPasswordSchema.safeParse({ password: 'a few words!', again: 'a few words?' })
  expect(result.error?.issues.map(({ path }) => path)).toEqual([['again']])
})

/** Zero-width, filling and joining characters, a mark by itself. */
const invisible = [
  '\u200b',
  '\u3164',
  '\u115f\u1160',
  '\uffa0',
  '\u2060\ufeff',
  '\u00ad',
  '\u2800',
  '\u200d \u202e',
  '\u0301',
]

test('an e-mail address is taken in lower case, a name in one line', () => {
  expect(emailSchema.parse(' Order.Desk@Example.com ')).toBe('order.desk@example.com')
  for (const wrong of ['', 'x', 'a b@example.com', null])
    expect(emailSchema.safeParse(wrong).success).toBe(false)
  expect(nameSchema.parse(' Order\r\ndesk\u0000 ')).toBe('Order desk')
  expect(nameSchema.parse('ไอดา 王 🗝')).toBe('ไอดา 王 🗝')
  expect(nameSchema.parse('山田\u3000太郎')).toBe('山田 太郎')
  const between = invisible.map((text) => `Ann${text}Smith`).filter((text) => text.normalize('NFC') === text)
  for (const wrong of ['', '  ', ...invisible, ...between.slice(0, 8), '\u0410nn', 'x'.repeat(201), null])
    expect(nameSchema.safeParse(wrong).success).toBe(false)
})

test('a time zone is one of the list, or that of the browser', () => {
  const read = (timeZone: unknown) => formatsSchema.safeParse({ language: 'en-GB', timeZone })
  expect(read('').data?.timeZone).toBe(null)
  expect(read('Europe/Lisbon').data?.timeZone).toBe('Europe/Lisbon')
  expect(read('UTC').success).toBe(true)
  for (const wrong of ['Mars/Olympus', '+02:00', '../etc', null]) expect(read(wrong).success).toBe(false)
})
