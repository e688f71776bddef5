import { expect, test } from 'vitest'
import { canonicalEmail } from './email.ts'

test('spaces, capitals and composition make no difference', () => {
  expect(canonicalEmail('  Merchant@Demo.Example\n')).toBe('merchant@demo.example')
  expect(canonicalEmail('jose\u0301@demo.example')).toBe('jos\u00e9@demo.example')
})

test.each([
  '',
  ' ',
  'merchant',
  '@demo.example',
  'a b@demo.example',
  'a\u0000@demo.example',
  `${'a'.repeat(250)}@b.de`,
  null,
  7,
])('%j is no e-mail address', (typed) => {
  expect(canonicalEmail(typed)).toBeNull()
})
