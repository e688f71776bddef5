'use client'

import { type PointerEvent, type ReactNode, useState } from 'react'
import { useScripting } from '../../ui/scripting.ts'

type Props = {
  /** What is said of each day, the oldest first. */
  texts: string[]
  /** How many calls the highest bar stands for. */
  max: string
  /** The bars, and what stands below them. */
  children: ReactNode
}

/**
 * A chart of days that says one day in words: the one under the pointer, else the one that the arrow keys chose. Without
 * scripts each day says it by its own title.
 */
export function DayReader({ texts, max, children }: Props) {
  const [chosen, choose] = useState(texts.length - 1)
  const [pointed, point] = useState<number | null>(null)
  const hasScripting = useScripting()
  const shown = pointed ?? chosen
  const share = 100 / texts.length
  function dayUnder({ currentTarget, clientX }: PointerEvent) {
    const { left, width } = currentTarget.getBoundingClientRect()
    const place = Math.floor(((clientX - left) / width) * texts.length)
    return Math.min(Math.max(place, 0), texts.length - 1)
  }
  return (
    <>
      <p aria-hidden="true" className="min-h-5 text-[13px] tabular-nums print:hidden">
        {hasScripting && texts[shown]}
      </p>
      <div className="mt-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-2">
        <div
          aria-hidden="true"
          className="flex h-24 flex-col justify-between text-right text-xs leading-none text-soft tabular-nums"
        >
          <span>{max}</span>
          <span>0</span>
        </div>
        <div className="relative">
          {hasScripting && (
            <svg aria-hidden="true" className="absolute inset-x-0 top-0 h-24 w-full print:hidden">
              <rect
                x={`${shown * share}%`}
                width={`${share}%`}
                height="100%"
                className="fill-accent-soft forced-colors:fill-[Highlight]"
              />
            </svg>
          )}
          <div className="relative">{children}</div>
          {hasScripting && (
            <input
              type="range"
              min={0}
              max={texts.length - 1}
              value={chosen}
              aria-label="Day"
              aria-valuetext={texts[chosen]}
              onChange={(event) => choose(event.target.valueAsNumber)}
              onPointerMove={(event) => point(dayUnder(event))}
              onPointerLeave={() => point(null)}
              className="absolute inset-x-0 top-0 m-0 h-24 w-full cursor-crosshair touch-pan-y appearance-none rounded-sm bg-transparent [&::-moz-range-thumb]:invisible [&::-webkit-slider-thumb]:w-[3.333%] [&::-webkit-slider-thumb]:appearance-none print:hidden"
            />
          )}
        </div>
      </div>
    </>
  )
}
