import { expect, test } from 'vitest'
import { readArguments } from './arguments.ts'

test('the demo starts as it is, anew, or with so many further tokens', () => {
  expect(readArguments(['demo'])).toEqual({ kind: 'demo', from: 'as it is', tokens: undefined })
  expect(readArguments(['dev', '--fresh'])).toEqual({ kind: 'dev', from: 'fresh', tokens: undefined })
  expect(readArguments(['demo', '--tokens', '1000000', '--fresh'])).toEqual({
    ...{ kind: 'demo', from: 'fresh', tokens: 1_000_000 },
  })
  expect(readArguments(['demo', '--tokens=2000000']).tokens).toBe(2_000_000)
})

test.each(['0', '2000001', '-1', '1e6', '1,000,000', '1.5', 'many', ''])(
  '%j is no number of tokens, and what to type is said',
  (text) => {
    expect(() => readArguments(['demo', `--tokens=${text}`])).toThrow(/from 1 to 2,000,000/)
  },
)

test.each([['--token'], ['more'], ['--tokens'], ['--fresh=yes']])(
  '%s is refused, and what to type is said',
  (word) => {
    expect(() => readArguments(['demo', word])).toThrow(
      /npm run demo \[-- \[--fresh\] \[--tokens 1000000\]\]/,
    )
  },
)
