import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutEnds, isUnseen } from './cut-ends.ts'

test('both ends are cut, surrogate pairs whole, and nothing inside', () => {
  const unit = fc.constantFrom('a', ' ', '\n', '\u200b', '\u{e0041}', '\u{1d4d0}', '\ud800', '\udc00')
  const pattern = /^[\s\p{Default_Ignorable_Code_Point}]+|[\s\p{Default_Ignorable_Code_Point}]+$/gu
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 12 }), (text) => {
      expect(cutEnds(text, isUnseen)).toBe(text.replace(pattern, ''))
    }),
    { numRuns: 2_000 },
  )
})

test('half a megabyte of spaces inside keeps nobody waiting', () => {
  const text = `x${' '.repeat(500_000)}x`
  expect(cutEnds(` ${text} `, isUnseen)).toBe(text)
})
