import { expect, test } from 'vitest'
import { dayMs, hourMs } from '../../time/units.ts'
import { endOfDay } from './end-of-day.ts'

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
  // They go forward in the last hour: it never comes.
  ['2027-03-27', 'America/Nuuk', '2027-03-28T00:59:59.999Z'],
  ['2027-03-27', 'America/Scoresbysund', '2027-03-28T00:59:59.999Z'],
  // They go forward over midnight, from half past eleven.
  ['1919-03-30', 'America/Toronto', '1919-03-31T04:29:59.999Z'],
  // Clocks of before the time zones go by the sun, to the second.
  ['1900-01-01', 'Europe/Lisbon', '1900-01-02T00:36:44.999Z'],
  // A day that a zone leaves out ends where it would have begun.
  ['2011-12-30', 'Pacific/Apia', '2011-12-30T09:59:59.999Z'],
])('%s ends in %s at %s', (day, timeZone, end) => {
  expect(endOfDay(day, timeZone).toISOString()).toBe(end)
})

const stepMs = 28 * dayMs
const quarterMs = hourMs / 4

/**
 * When a zone's clocks change, and to what; and the days of that, with those beside: on all others a day ends as the one before
 * it. No zone changes its clocks there and back within four weeks: Morocco does within five.
 */
function clocksOf(timeZone: string) {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
  const offset = (at: number) => format.format(at).replace(/^[^G]*/, '')
  const days = new Set<string>()
  let from = Date.UTC(2026, 0, 1)
  let before = offset(from)
  let changes = before
  for (; from < Date.UTC(2033, 0, 1); from += stepMs) {
    const after = offset(from + stepMs)
    if (after === before) continue
    let [last, first] = [from, from + stepMs]
    while (first - last > quarterMs) {
      const middle = last + Math.floor((first - last) / quarterMs / 2) * quarterMs
      if (offset(middle) === before) last = middle
      else first = middle
    }
    for (const near of [-1, 0, 1, 2]) days.add(new Date(last + near * dayMs).toISOString().slice(0, 10))
    changes += ` ${first} ${after}`
    before = after
  }
  return { timeZone, days, changes }
}

const usualDays = ['2026-01-01', '2028-02-29', '2030-06-30', '2032-12-31']

test('it is the last millisecond of the day, in every time zone and near every change of its clocks from 2026 to 2032', () => {
  const wrong: string[] = []
  // Of those whose clocks always agree in these years, as London’s and Lisbon’s do, one.
  const zones = Intl.supportedValuesOf('timeZone').map(clocksOf)
  const differing = new Map(zones.map((clocks) => [clocks.changes, clocks]))
  for (const { timeZone, days } of differing.values()) {
    const format = new Intl.DateTimeFormat('en-CA', { timeZone })
    for (const day of [...usualDays, ...days]) {
      const end = endOfDay(day, timeZone).getTime()
      const isThatDay = format.format(end) === day && format.format(end + 1) !== day
      // Nor does the day come again a little later, as where clocks go back over midnight.
      if (!isThatDay || format.format(end + 4 * 3_600_000) <= day) wrong.push(`${timeZone} ${day}`)
    }
  }
  expect(wrong).toEqual([])
})
