import type { UsageDay } from '#lib/tokens/review/usage-days.ts'
import { counted, formatted } from '../../ui/numbers.ts'
import { barWidth, dayText, sumOf, usageBars } from './usage-bars.ts'

const height = 18

/** The last days of a token, small enough for a row. Drawn by the server: nothing of it runs in the browser. */
export function UsagePicture({ days, className = '' }: { days: readonly UsageDay[]; className?: string }) {
  const bars = usageBars(days, height)
  return (
    <svg
      role="img"
      width={bars.width}
      height={height + 2}
      viewBox={`0 0 ${bars.width} ${height + 2}`}
      className={`shrink-0 ${className}`}
    >
      <title>{usageText(days)}</title>
      <BaseLine width={bars.width} y={height + 1} />
      <Bars calls={bars.calls} refusals={bars.refusals} />
    </svg>
  )
}

export function BaseLine({ width, y }: { width: number; y: number }) {
  return <path d={`M0 ${y}h${width}`} strokeWidth={1} className="stroke-line" />
}

export function Bars({ calls, refusals }: { calls: string; refusals: string }) {
  return (
    <>
      {calls && <path d={calls} strokeWidth={barWidth} className="stroke-accent" />}
      {refusals && <path d={refusals} strokeWidth={barWidth} className="stroke-danger" />}
    </>
  )
}

/** `12,480 calls in the last 30 days, last on 23 Nov 2026, 3 refused`. */
export function usageText(days: readonly UsageDay[]): string {
  const { calls, refusals, lastDay } = sumOf(days)
  const all = counted(calls + refusals, 'call')
  const last = lastDay === null ? '' : `, last on ${dayText(lastDay)}`
  const refused =
    refusals === 0 ? '' : `, ${refusals === calls + refusals ? 'all' : formatted(refusals)} refused`
  return `${all} in the last ${days.length} days${last}${refused}`
}
