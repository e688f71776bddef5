import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { gatherLines } from './gathered-lines.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function gathered() {
  const written: string[] = []
  let flushes = 0
  const lines = gatherLines({ write: (text) => written.push(text), flushSync: () => flushes++ })
  return { lines, written, flushes: () => flushes }
}

test('lines are passed on together, in their order, within a tenth of a second', () => {
  const { lines, written } = gathered()
  lines.write('one\n')
  lines.write('two\n')
  expect(written).toEqual([])
  vi.advanceTimersByTime(100)
  expect(written).toEqual(['one\ntwo\n'])
  lines.write('three\n')
  vi.advanceTimersByTime(100)
  expect(written).toEqual(['one\ntwo\n', 'three\n'])
})

test('many lines are passed on without waiting, so that few are ever in memory', () => {
  const { lines, written } = gathered()
  for (let n = 0; n < 20_000; n++) lines.write('x'.repeat(100))
  const passedOn = written.join('').length
  expect(passedOn).toBeGreaterThan(2_000_000 - 16_384)
  vi.advanceTimersByTime(100)
  expect(written.join('')).toHaveLength(2_000_000)
})

test('a flush and the end of the process pass on what is gathered, and wait until it is written', () => {
  const { lines, written, flushes } = gathered()
  lines.write('one\n')
  lines.flushSync()
  expect([written, flushes()]).toEqual([['one\n'], 1])
  lines.write('two\n')
  const atExit = process.listeners('exit').at(-1) as (code: number) => void
  atExit(0)
  expect([written, flushes()]).toEqual([['one\n', 'two\n'], 2])
})
