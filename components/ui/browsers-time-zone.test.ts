import { expect, test } from 'vitest'
import { usableTimeZone } from './browsers-time-zone.ts'

test.each([
  ['Europe/Lisbon', 'Europe/Lisbon'],
  ['UTC', 'UTC'],
  ['Etc/Unknown', 'UTC'],
  ['+02:00', 'UTC'],
  ['', 'UTC'],
  [undefined, 'UTC'],
])('a browser that says it is in %j writes dates in %s', (said, zone) => {
  expect(usableTimeZone(said)).toBe(zone)
  expect(() => new Intl.DateTimeFormat('en', { timeZone: usableTimeZone(said) })).not.toThrow()
})
