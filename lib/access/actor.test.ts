import { expect, test } from 'vitest'
import { mayChangeTokens } from './actor.ts'

test.each([
  ['owner', true],
  ['administrator', true],
  ['viewer', false],
] as const)('whether a person may change tokens as %s: %s', (role, may) => {
  expect(mayChangeTokens({ role })).toBe(may)
})
