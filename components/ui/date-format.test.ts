import { expect, test } from 'vitest'
import { dateFormat } from './date-format.ts'

const at = new Date('2026-11-23T23:30:00Z')

test('a format is made once for a language and what it shows, and each has its own', () => {
  const lisbon = dateFormat('en-GB', { timeZone: 'Europe/Lisbon', hour: 'numeric', minute: 'numeric' })
  expect(dateFormat('en-GB', { timeZone: 'Europe/Lisbon', hour: 'numeric', minute: 'numeric' })).toBe(lisbon)
  const tokyo = dateFormat('en-GB', { timeZone: 'Asia/Tokyo', hour: 'numeric', minute: 'numeric' })
  expect([lisbon.format(at), tokyo.format(at)]).toEqual(['23:30', '08:30'])
  expect(dateFormat('de', { timeZone: 'Europe/Lisbon', month: 'long' }).format(at)).toBe('November')
})

test('however many zones are asked for, few are kept, and each is right', () => {
  for (const timeZone of Intl.supportedValuesOf('timeZone')) {
    expect(dateFormat('en', { timeZone }).resolvedOptions().timeZone).toBe(
      new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone,
    )
  }
})
