import type { UsageDay } from '#lib/tokens/review/usage-days.ts'
import { formatted } from '../../ui/numbers.ts'

type Counts = Pick<UsageDay, 'calls' | 'refusals'>

/** Up to this share of refused calls nobody has to act: a program asks now and then for what it may not have. */
const usualShare = 0.05

/** More than one call in twenty was refused, or every one: somebody should look. */
export function isMuchRefused({ calls, refusals }: Counts): boolean {
  return refusals / Math.max(calls + refusals, 1) > usualShare
}

/** `33 refused, 0.3 %`; `all 14 refused`. Null: none was refused. */
export function refusedText({ calls, refusals }: Counts): string | null {
  if (refusals === 0) return null
  if (calls === 0) return refusals === 1 ? '1 refused' : `all ${formatted(refusals)} refused`
  return `${formatted(refusals)} refused, ${percentText(refusals / (calls + refusals))}`
}

/** `12,447 accepted, 33 refused, 0.3 %`; `no calls`. */
export function countsText(counts: Counts): string {
  const accepted = counts.calls > 0 && `${formatted(counts.calls)} accepted`
  return [accepted, refusedText(counts)].filter(Boolean).join(', ') || 'no calls'
}

/** Never 0 % of something, nor 100 % of less than all. */
function percentText(share: number): string {
  if (share < 0.001) return 'less than 0.1 %'
  if (share > 0.999) return 'more than 99.9 %'
  return `${formatted(Math.round(share * 1_000) / 10)} %`
}

const weekdayFormat = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
})
const shortFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
const middayOf = (day: string) => new Date(`${day}T12:00:00Z`)

/** `Mon 23 Nov 2026: 1,250 accepted`, of a day as in 2026-11-23. */
export function dayWords({ day, ...counts }: UsageDay): string {
  return `${weekdayFormat.format(middayOf(day)).replace(',', '')}: ${countsText(counts)}`
}

/** Where weeks begin, on Mondays: the place of the day among the days, from 0, and `23 Nov`. */
export function weekMarks(days: readonly UsageDay[]): { place: number; text: string }[] {
  return days.flatMap(({ day }, place) =>
    middayOf(day).getUTCDay() === 1 ? { place, text: shortFormat.format(middayOf(day)) } : [],
  )
}
