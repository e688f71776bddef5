import type { UsageDay } from '#lib/tokens/review/usage-days.ts'
import { barStep, barWidth } from '../details/usage-bars.ts'

/** The height of the day with the most calls of the whole page. */
export const rowBarsHeight = 18

/** One call beside thousands is still to be seen. */
const minHeight = 2

/** The most calls, accepted and refused, of one day of one of the tokens: the top of the scale of a page. 0: none. */
export function busiestDay(usage: Iterable<readonly UsageDay[]>): number {
  let most = 0
  for (const days of usage) {
    for (const { calls, refusals } of days) most = Math.max(most, calls + refusals)
  }
  return most
}

/**
 * A path to be stroked {@link barWidth} wide, a bar a day, up from {@link rowBarsHeight}; empty: there were no calls. The
 * heights are square roots, so that a token with a hundredth of the calls of another one is still to be seen beside it.
 * @param most of {@link busiestDay}: the same for all rows of a page.
 */
export function rowBars(days: readonly UsageDay[], most: number): string {
  return days
    .map(({ calls, refusals }, n) => {
      const count = calls + refusals
      const height = Math.max(Math.round(Math.sqrt(count / most) * rowBarsHeight), minHeight)
      return count === 0 ? '' : `M${n * barStep + barWidth / 2} ${rowBarsHeight}v-${height}`
    })
    .join('')
}
