import { daysApart } from './days-apart.ts'

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365.25 * 86_400_000],
  ['month', 30.44 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]
const words = new Intl.RelativeTimeFormat('en')
const wordsOfDays = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
/** From this part of a unit on it is one of it: a token of one year reads "in 1 year" on its first day. */
const almost = 0.95

/**
 * `in 12 days`, `4 minutes ago`, `just now`: the largest unit that fits, rounded.
 * @param timeZone whose calendar says which day was `yesterday`; left out: `30 hours ago` instead, which is true everywhere.
 */
export function relativeTime(date: Date, now: Date, timeZone?: string): string {
  const differenceMs = date.getTime() - now.getTime()
  for (const [unit, unitMs] of units) {
    const count = differenceMs / unitMs
    if (Math.abs(count) < almost) continue
    if (unit === 'day' && Math.abs(count) < 1.5) {
      const days = timeZone === undefined ? 0 : daysApart(date, now, timeZone)
      if (days !== 0) return wordsOfDays.format(days, 'day')
      continue
    }
    return words.format(Math.round(count), unit)
  }
  return differenceMs > 0 ? 'in less than a minute' : 'just now'
}
