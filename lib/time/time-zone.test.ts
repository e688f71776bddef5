import { expect, test } from 'vitest'
import { isTimeZone, usableTimeZone } from './time-zone.ts'

test.each([
  ['Europe/Lisbon', true],
  ['UTC', true],
  ['', false],
  ['Middle/Earth', false],
  ['Etc/Unknown', false],
  ['+02:00', false],
  ['../etc', false],
  [`Europe/${'x'.repeat(60)}`, false],
])('%s is a time zone: %s', (name, known) => {
  expect(isTimeZone(name)).toBe(known)
})

test.each(['Etc/Unknown', '', null, undefined, 7, 'Mars/Olympus'])(
  'a browser that says its zone is %j is taken to be in UTC',
  (said) => {
    expect(usableTimeZone(said)).toBe('UTC')
    expect(() => new Intl.DateTimeFormat('en', { timeZone: usableTimeZone(said) })).not.toThrow()
  },
)
