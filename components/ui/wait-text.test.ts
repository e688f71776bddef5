import { expect, test } from 'vitest'
import { waitText } from './wait-text.ts'

test.each([
  [1, 'a minute'],
  [60, 'a minute'],
  [61, '2 minutes'],
  [3600, '60 minutes'],
])('%s seconds are %s', (seconds, text) => {
  expect(waitText(seconds)).toBe(text)
})
