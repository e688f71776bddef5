import { quantile } from '../statistics.ts'

/** The median, and behind it the lowest and the highest. */
export function spread(values: readonly (number | undefined)[], digits: number): string {
  const known = values.filter((value) => value !== undefined)
  if (known.length === 0) return '–'
  const text = (share: number) => quantile(known, share).toFixed(digits)
  return `${text(0.5)} (${text(0)}–${text(1)})`
}
