import fc from 'fast-check'
import { expect, test } from 'vitest'
import { endOfDay, isTimeZone } from './end-of-day.ts'

test.each([
  ['2026-11-23', 'UTC', '2026-11-23T23:59:59.999Z'],
  ['2026-07-01', 'Europe/Lisbon', '2026-07-01T22:59:59.999Z'],
  ['2026-11-23', 'America/New_York', '2026-11-24T04:59:59.999Z'],
  ['2026-11-23', 'Asia/Kathmandu', '2026-11-23T18:14:59.999Z'],
  // The clocks go forward, and back, within the day.
  ['2027-03-28', 'Europe/Berlin', '2027-03-28T21:59:59.999Z'],
  ['2026-10-25', 'Europe/Berlin', '2026-10-25T22:59:59.999Z'],
  // They go back at midnight: the last hour comes twice.
  ['2026-10-24', 'America/Nuuk', '2026-10-25T01:59:59.999Z'],
])('%s ends in %s at %s', (day, timeZone, end) => {
  expect(endOfDay(day, timeZone).toISOString()).toBe(end)
})

test('it is the last millisecond of the day, in every time zone and on every day', () => {
  const zones = Intl.supportedValuesOf('timeZone')
  const days = fc.date({ min: new Date('2026-01-01'), max: new Date('2032-12-31'), noInvalidDate: true })
  fc.assert(
    fc.property(fc.constantFrom(...zones), days, (timeZone, date) => {
      const day = date.toISOString().slice(0, 10)
      const format = new Intl.DateTimeFormat('en-CA', { timeZone })
      const end = endOfDay(day, timeZone)
      expect(format.format(end)).toBe(day)
      expect(format.format(end.getTime() + 1)).not.toBe(day)
    }),
  )
})

test.each([
  ['Europe/Lisbon', true],
  ['UTC', true],
  ['', false],
  ['Middle/Earth', false],
])('%s is a time zone: %s', (name, known) => {
  expect(isTimeZone(name)).toBe(known)
})
