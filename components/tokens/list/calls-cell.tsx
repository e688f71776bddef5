import type { Token } from '#lib/tokens/model/token.ts'
import type { UsageDay } from '#lib/tokens/review/usage-days.ts'
import { formatted, inBrief } from '../../ui/numbers.ts'
import { Time } from '../../ui/time.tsx'
import { barStep, sumOf } from '../details/usage-bars.ts'
import { usageText } from '../details/usage-picture.tsx'
import { rowBars, rowBarsHeight } from './row-bars.ts'

/** From this share of all calls on, refused ones are worth a word in a list. */
const worthAWord = 0.05

/** How many calls came in with a token, when, and the last one. @param most of the busiest day of the page. */
export function CallsCell({ token, days, most }: { token: Token; days: readonly UsageDay[]; most: number }) {
  const { calls, refusals } = sumOf(days)
  const all = calls + refusals
  const width = days.length * barStep
  return (
    <td className="calls" data-label="Calls">
      <svg role="img" width={width} height={rowBarsHeight + 1} viewBox={`0 0 ${width} ${rowBarsHeight + 1}`}>
        <title>{usageText(days)}</title>
        <path d={`M0 ${rowBarsHeight}h${width - 1}`} className="stroke-line stroke-1" />
        {all > 0 && <path d={rowBars(days, most)} />}
      </svg>
      <b>{inBrief(all)}</b>
      <small>
        {token.lastUsedAt ? <Time at={token.lastUsedAt} ago={token.asOf} brief /> : 'never used'}
        {refusals > all * worthAWord && (
          <span className="text-danger"> · {refusals === all ? 'all' : formatted(refusals)} refused</span>
        )}
      </small>
    </td>
  )
}
