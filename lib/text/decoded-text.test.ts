import { expect, test } from 'vitest'
import { ok, refuse } from '../result.ts'
import { decodedText } from './decoded-text.ts'

const text = 'Zeile ä\r\n1.0_'
const wide = Buffer.from(`\ufeff${text}`, 'utf16le')

test.each([
  ['UTF-8', Buffer.from(text)],
  ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`)],
  ['UTF-16', wide],
  ['UTF-16 the other way round', Buffer.from(wide).swap16()],
])('a file in %s is read', (_, bytes) => {
  expect(decodedText(bytes)).toEqual(ok(text))
})

test('bytes that are wrong cost no line', () => {
  expect(decodedText(Buffer.from([0x41, 0xff, 0x0a, 0xc3, 0x0a]))).toEqual(ok('A\ufffd\n\ufffd\n'))
})

test('a packed file, and UTF-16 without a mark, are no text', () => {
  expect(decodedText(Buffer.from([0x1f, 0x8b, 8, 0, 0]))).toEqual(refuse('not-text'))
  expect(decodedText(Buffer.from(text, 'utf16le'))).toEqual(refuse('not-text'))
})
