import { expect, test } from 'vitest'
import { durationText, problemText } from './words.ts'

test.each([
  [null, '–'],
  [6, '6 ms'],
  [999, '999 ms'],
  [1_000, '1 s'],
  [1_201, '1.3 s'],
])('%s ms are %s, never shorter than it was', (ms, text) => {
  expect(durationText(ms)).toBe(text)
})

test('API servers are named to operators, and counted to everybody else', () => {
  const facts = { silent: ['inner-7'], accepting: ['inner-8'], gateways: 3, refused: 2 }
  for (const [problem, name] of [
    ['silent', 'inner-7'],
    ['accepted', 'inner-8'],
  ] as const) {
    expect(problemText(problem, { ...facts, names: 'shown' })).toContain(name)
    const text = problemText(problem, { ...facts, names: 'hidden' })
    expect(text).not.toContain(name)
    expect(text).toContain('1 API server')
  }
})
