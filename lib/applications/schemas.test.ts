import { expect, test } from 'vitest'
import { applicationSchema } from './schemas.ts'

const typed = {
  company: 'Tern & Tide',
  address: 'Pier 4\r\nGalveston',
  contact: 'Integration desk',
  email: 'desk@tern.example',
  phone: ' ',
  description: 'Prints labels.',
}

test('what is typed over several lines keeps them, and what is left out is null', () => {
  expect(applicationSchema.parse(typed)).toMatchObject({ address: 'Pier 4\nGalveston', phone: null })
})

test.each(['', ' ', '\u0001', ' \u0001\n ', '\u200b', '\u3164 '])(
  'a company named %j has no name',
  (company) => {
    expect(applicationSchema.safeParse({ ...typed, company }).success).toBe(false)
  },
)
