import { expect, test } from 'vitest'
import { planText } from './words.ts'

test.each([
  [{ kind: null, isDealtWith: false, why: null }, 'Selected'],
  [{ kind: 'pause', isDealtWith: false, why: null }, 'Not done'],
  [{ kind: 'pause', isDealtWith: true, why: null }, 'Paused'],
  [{ kind: 'renew', isDealtWith: true, why: null }, 'Renewed'],
  [{ kind: 'resume', isDealtWith: true, why: 'paused' }, 'Left: is paused by the other side'],
  [{ kind: 'pause', isDealtWith: true, why: 'paused-before' }, 'Left: was paused by your side before'],
] as const)('what a plan did with a token is said of it: %o', (planned, text) => {
  expect(planText(planned)).toBe(text)
})
