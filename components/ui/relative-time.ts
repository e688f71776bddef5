const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365.25 * 86_400_000],
  ['month', 30.44 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]
const words = new Intl.RelativeTimeFormat('en')
/** From this part of a unit on it is one of it: a token of one year reads "in 1 year" on its first day. */
const almost = 0.95

/** `in 12 days`, `4 minutes ago`, `just now`: the largest unit that fits, rounded. */
export function relativeTime(date: Date, now: Date): string {
  const differenceMs = date.getTime() - now.getTime()
  for (const [unit, unitMs] of units) {
    const count = differenceMs / unitMs
    if (Math.abs(count) >= almost) return words.format(Math.round(count), unit)
  }
  return differenceMs > 0 ? 'in less than a minute' : 'just now'
}
