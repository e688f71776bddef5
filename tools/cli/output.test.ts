import { expect, test } from 'vitest'
import { barOf, createOutput } from './output.ts'

const stream = (isTTY: boolean) => {
  const written: string[] = []
  return { isTTY, written, write: (text: string) => written.push(text) }
}

test('a bar is as full as what is done', () => {
  expect(barOf('Renewing', 0, 4)).toBe(`Renewing ${'░'.repeat(24)} 0/4`)
  expect(barOf('Renewing', 2, 4)).toBe(`Renewing ${'█'.repeat(12)}${'░'.repeat(12)} 2/4`)
  expect(barOf('Renewing', 0, 0)).toBe(`Renewing ${'█'.repeat(24)} 0/0`)
})

test('a pipe gets no bar, and what was asked for never has one in it', () => {
  const [out, err] = [stream(true), stream(true)]
  const output = createOutput(out, err)
  output.progress('Renewing', 1, 2)
  output.line('one')
  output.progress('Renewing', 2, 2)
  expect(out.written).toEqual(['one\n'])
  const [bar, wiped, ...full] = err.written
  expect([bar?.endsWith('1/2'), wiped, full.join('').endsWith('2/2\n')]).toEqual([true, '\r\x1b[2K', true])
  const piped = stream(false)
  createOutput(out, piped).progress('Renewing', 1, 2)
  expect(piped.written).toEqual([])
})
