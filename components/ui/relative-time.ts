const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365.25 * 86_400_000],
  ['month', 30.44 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]
const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

/** `in 12 days`, `4 minutes ago`, `just now`: whole units, of the largest that fits. */
export function relativeTime(date: Date, now: Date): string {
  const differenceMs = date.getTime() - now.getTime()
  for (const [unit, unitMs] of units) {
    if (Math.abs(differenceMs) >= unitMs) return words.format(Math.trunc(differenceMs / unitMs), unit)
  }
  return differenceMs > 0 ? 'in less than a minute' : 'just now'
}
