import { expect, test } from 'vitest'
import { ok, refuse } from '../result.ts'
import { maxTextBytes } from './limits.ts'
import { sentText } from './sent-text.ts'

const noFile = new File([], '')
const fileOf = (...parts: BlobPart[]) => new File(parts, 'access.log')

test('a text that was pasted, or a file, is read', async () => {
  expect(await sentText('a\r\nb', noFile)).toEqual(ok('a\nb'))
  expect(await sentText('a', null)).toEqual(ok('a'))
  expect(await sentText(' \r\n', fileOf('a\nb'))).toEqual(ok('a\nb'))
})

test('two megabytes are read, and one byte more is not, counted in bytes', async () => {
  const [most, wide] = ['a'.repeat(maxTextBytes), 'ä'.repeat(maxTextBytes / 2)]
  for (const text of [most, wide]) {
    expect((await sentText(text, noFile)).ok).toBe(true)
    expect(await sentText(`${text}b`, noFile)).toEqual(refuse('too-large'))
    expect((await sentText('', fileOf(text))).ok).toBe(true)
    expect(await sentText('', fileOf(text, 'b'))).toEqual(refuse('too-large'))
  }
  expect((await sentText(`${'\r\n'.repeat(maxTextBytes - 1)}a`, noFile)).ok).toBe(true)
})

test('nothing, both, and what is no text are refused', async () => {
  expect(await sentText(' \n', noFile)).toEqual(refuse('nothing'))
  expect(await sentText(undefined, undefined)).toEqual(refuse('nothing'))
  expect(await sentText('', fileOf(' \n'))).toEqual(refuse('nothing'))
  expect(await sentText('a', fileOf('b'))).toEqual(refuse('both'))
  expect(await sentText('', fileOf(new Uint8Array([0x1f, 0x8b, 0])))).toEqual(refuse('not-text'))
})
