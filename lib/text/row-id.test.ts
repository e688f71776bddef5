import { expect, test } from 'vitest'
import { rowIdSchema } from './row-id.ts'

test('an id is read in the spelling of the database', () => {
  expect(rowIdSchema.parse('ABCDEF00-0000-7000-8000-00000000ABCD')).toBe(
    'abcdef00-0000-7000-8000-00000000abcd',
  )
})
