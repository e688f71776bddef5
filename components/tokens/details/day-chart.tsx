import type { UsageDay } from '#lib/tokens/review/usage-days.ts'
import { formatted } from '../../ui/numbers.ts'
import { DayReader } from './day-reader.tsx'
import { barStep, barWidth, mostOf, sumOf, usageBars } from './usage-bars.ts'
import { dayWords, isMuchRefused, weekMarks } from './usage-words.ts'

const height = 96

/** Calls by day as bars, with the scale at the left and the weeks marked. */
export function DayChart({ days }: { days: readonly UsageDay[] }) {
  const texts = days.map(dayWords)
  const most = mostOf(days)
  // One text: with several in it React does not find the rest of the page again.
  const title = `Calls by day, at most ${formatted(most)} on one day`
  return (
    <DayReader texts={texts} max={formatted(most)}>
      <svg role="img" className="block h-29 w-full overflow-visible">
        <title>{title}</title>
        <line x2="100%" y1={0.5} y2={0.5} className="stroke-line" />
        <Weeks days={days} />
        <BarsOfDays days={days} height={height} texts={texts} />
        <line x2="100%" y1={height} y2={height} className="stroke-control" />
      </svg>
    </DayReader>
  )
}

function Weeks({ days }: { days: readonly UsageDay[] }) {
  const marks = weekMarks(days)
  const isNearEndAt = (place: number) => place > days.length - 4
  return marks.map(({ place, text }, n) => {
    const x = `${(place / days.length) * 100}%`
    // Beside the line, inside the picture.
    const isNearEnd = isNearEndAt(place)
    // That one stands at the left of its line, where on a phone this one would end.
    const isBeforeIt = isNearEndAt(marks[n + 1]?.place ?? 0)
    return (
      <g key={place}>
        <line x1={x} x2={x} y2={height + 18} className="stroke-line" />
        <text
          x={x}
          dx={isNearEnd ? -4 : 4}
          y={height + 15}
          textAnchor={isNearEnd ? 'end' : 'start'}
          className={`fill-soft text-xs ${isBeforeIt ? 'max-sm:hidden' : ''}`}
        >
          {text}
        </text>
      </g>
    )
  })
}

/** As wide as there is room. `texts`: what is said of a day under the pointer where no script runs. */
export function BarsOfDays({
  days,
  height,
  max,
  texts,
}: {
  days: readonly UsageDay[]
  height: number
  max?: number
  texts?: string[]
}) {
  const { calls, refusals } = usageBars(days, height, max)
  const looks = looksOf(days)
  return (
    <svg
      aria-hidden="true"
      width="100%"
      height={height}
      viewBox={`-0.5 0 ${days.length * barStep} ${height}`}
      preserveAspectRatio="none"
    >
      {calls && <path d={calls} strokeWidth={barWidth} className={looks.accepted.bar} />}
      {refusals && <path d={refusals} strokeWidth={barWidth} className={looks.refused.bar} />}
      {texts?.map((text, n) => (
        <rect
          key={days[n]?.day}
          x={n * barStep - 0.5}
          width={barStep}
          height={height}
          fill="none"
          pointerEvents="all"
        >
          <title>{text}</title>
        </rect>
      ))}
    </svg>
  )
}

/** What the colours stand for; nothing where all calls were accepted. */
export function Legend({ days }: { days: readonly UsageDay[] }) {
  if (sumOf(days).refusals === 0) return null
  const looks = looksOf(days)
  return (
    <p aria-hidden="true" className="flex gap-x-3 text-xs text-soft">
      {(
        [
          ['accepted', looks.accepted],
          ['refused', looks.refused],
        ] as const
      ).map(([text, { box }]) => (
        <span key={text} className="flex items-center gap-1.5">
          <svg aria-hidden="true" width={10} height={10}>
            <rect width={10} height={10} className={box} />
          </svg>
          {text}
        </span>
      ))}
    </p>
  )
}

/** Red only where somebody should look. */
function looksOf(days: readonly UsageDay[]) {
  return {
    accepted: {
      bar: 'stroke-accent forced-colors:stroke-[CanvasText]',
      box: 'fill-accent forced-colors:fill-[CanvasText]',
    },
    refused: isMuchRefused(sumOf(days))
      ? {
          bar: 'stroke-danger forced-colors:stroke-[LinkText]',
          box: 'fill-danger forced-colors:fill-[LinkText]',
        }
      : {
          bar: 'stroke-control forced-colors:stroke-[LinkText]',
          box: 'fill-control forced-colors:fill-[LinkText]',
        },
  }
}
