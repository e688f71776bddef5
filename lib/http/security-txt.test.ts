import { expect, test } from 'vitest'
import { securityTxt } from './security-txt.ts'

test('says whom to ask, until when, and where it stands', () => {
  const contacts = ['mailto:security@example.com', 'https://example.com/security']
  const expires = new Date('2027-06-30T12:00:00.500Z')
  expect(securityTxt({ contacts, expires, origin: 'https://tokens.example.com' })).toBe(
    [
      'Contact: mailto:security@example.com',
      'Contact: https://example.com/security',
      'Expires: 2027-06-30T12:00:00Z',
      'Preferred-Languages: en',
      'Canonical: https://tokens.example.com/.well-known/security.txt',
      '',
    ].join('\n'),
  )
  expect(securityTxt({ contacts, expires, origin: null })).not.toContain('Canonical')
})
