import { expect, test } from 'vitest'
import { freezeText } from './refusals.ts'

test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', 'x', ''])(
  'an address that says %j of a plan that was not made gets the sentence for what is unknown',
  (refused) => {
    expect(freezeText(refused, 60)).toBe(
      'The list was out of date. Load it again, then select them once more.',
    )
  },
)

test('one of ours says why', () => {
  expect(freezeText('nothing-matches', 60)).toContain('No live token matches')
})
