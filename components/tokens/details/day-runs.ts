import { dayMs } from '#lib/time/units.ts'

/** Days that follow one another, as in 2026-11-23. */
export type DayRun = { from: string; until: string }

/** Of days in their order, those without a gap together; the latest first. */
export function dayRuns(days: readonly string[]): DayRun[] {
  const runs: DayRun[] = []
  for (const day of days) {
    const last = runs.at(-1)
    if (last && Date.parse(day) - Date.parse(last.until) === dayMs) last.until = day
    else runs.push({ from: day, until: day })
  }
  return runs.reverse()
}
