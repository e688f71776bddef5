import { expect, test } from 'vitest'
import { oneLine } from './one-line.ts'

test('a text of several lines cannot begin a header of its own', () => {
  expect(oneLine('Harbor Books\r\nBcc: everyone@example.com', 100)).toBe(
    'Harbor Books Bcc: everyone@example.com',
  )
  expect(oneLine('a\u2028b\u0085c\u0000d\u202ee', 100)).toBe('a b c d e')
})

test('what is too long is cut between characters, whatever the script', () => {
  expect(oneLine('港'.repeat(200), 200)).toBe('港'.repeat(200))
  expect(oneLine('😀'.repeat(5), 3)).toBe('😀😀…')
})
