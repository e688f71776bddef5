import type { UsageDay } from '#lib/tokens/review/usage-days.ts'

/** Every day is a bar of {@link barWidth} in a step of {@link barStep}, upwards from a base line. */
export const barStep = 3
export const barWidth = 2
/** A day with one call beside days with thousands is still to be seen. */
const minHeight = 1.5

/** Paths to be stroked {@link barWidth} wide, accepted calls below and refused ones on top; empty: there were none. */
export type UsageBars = { width: number; max: number; calls: string; refusals: string }

/**
 * @param height of a day with `max` calls.
 * @param max the scale: of these days the one with the most calls, or what pictures side by side share.
 */
export function usageBars(days: readonly UsageDay[], height: number, max = mostOf(days)): UsageBars {
  const heightOf = (count: number) => (count === 0 ? 0 : Math.max((count / max) * height, minHeight))
  const bars = { width: days.length * barStep - (barStep - barWidth), max, calls: '', refusals: '' }
  days.forEach(({ calls, refusals }, n) => {
    const x = n * barStep + barWidth / 2
    const refused = heightOf(refusals)
    const accepted = Math.min(heightOf(calls), height - refused)
    if (accepted > 0) bars.calls += bar(x, height, accepted)
    if (refused > 0) bars.refusals += bar(x, height - accepted, refused)
  })
  return bars
}

/** The calls of the day that has the most, accepted and refused. */
export const mostOf = (days: readonly UsageDay[]) =>
  Math.max(0, ...days.map(({ calls, refusals }) => calls + refusals))

const bar = (x: number, from: number, length: number) => `M${x} ${rounded(from)}v-${rounded(length)}`

const rounded = (value: number) => Math.round(value * 10) / 10

export type UsageSum = { calls: number; refusals: number; lastDay: string | null }

/** All that came in on the days, and the last of them on which something did. */
export function sumOf(days: readonly UsageDay[]): UsageSum {
  return days.reduce<UsageSum>(
    (sum, { day, calls, refusals }) => ({
      calls: sum.calls + calls,
      refusals: sum.refusals + refusals,
      lastDay: calls + refusals > 0 ? day : sum.lastDay,
    }),
    { calls: 0, refusals: 0, lastDay: null },
  )
}

/** The same days of several APIs as one; none of none. */
export function addUp(parts: readonly (readonly UsageDay[])[]): UsageDay[] {
  const [first = []] = parts
  return first.map(({ day }, n) => ({
    day,
    calls: parts.reduce((sum, days) => sum + (days[n]?.calls ?? 0), 0),
    refusals: parts.reduce((sum, days) => sum + (days[n]?.refusals ?? 0), 0),
  }))
}

const dayFormat = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
})

/** `23 Nov 2026`, of a day as in 2026-11-23. */
export function dayText(day: string): string {
  return dayFormat.format(new Date(`${day}T00:00:00Z`))
}
