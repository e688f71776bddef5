import { expect, test } from 'vitest'
import { minuteOfClock, momentOfMinute } from './minute-of-clock.ts'

test.each([
  ['2026-11-23T09:30', 'UTC', '2026-11-23T09:30:00.000Z'],
  ['2026-11-23T09:30:00', 'America/New_York', '2026-11-23T14:30:00.000Z'],
  ['2026-11-23T09:30', 'Asia/Kathmandu', '2026-11-23T03:45:00.000Z'],
  // Set back: the hour comes twice.
  ['2027-11-07T01:30', 'America/New_York', '2027-11-07T06:30:00.000Z'],
  ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T01:30:00.000Z'],
  ['2026-10-24T23:30', 'America/Nuuk', '2026-10-25T01:30:00.000Z'],
  // Set forward: it never comes.
  ['2027-03-14T02:30', 'America/New_York', '2027-03-14T07:30:00.000Z'],
  ['2027-03-28T02:30', 'Europe/Berlin', '2027-03-28T01:30:00.000Z'],
  ['2027-03-27T23:30', 'America/Nuuk', '2027-03-28T01:30:00.000Z'],
])('%s in %s is %s', (minute, timeZone, moment) => {
  expect(momentOfMinute(minute, timeZone).toISOString()).toBe(moment)
})

test.each(['2027-02-28T00:00', '2028-02-29T23:59:59'])('%s is a minute of the calendar', (minute) => {
  expect(minuteOfClock.safeParse(minute).success).toBe(true)
})

test.each([
  '2027-13-01T10:00',
  '2027-02-31T10:00',
  '2027-01-01T99:99',
  '2027-01-01T24:00',
  '2027-01-01T10:00Z',
  '2027-01-01',
  '',
  'x',
])('%j is none, and the form says so', (minute) => {
  expect(minuteOfClock.safeParse(minute).error?.issues[0]?.message).toBe('Choose a day and a time.')
})
