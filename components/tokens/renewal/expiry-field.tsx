'use client'

import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { longestLifetimeYears, shortestLifetimeDays } from '#lib/tokens/limits.ts'
import { dateFormat } from '../../ui/date-format.ts'
import { dateInput } from '../../ui/date-input.ts'
import { dayIn } from '../../ui/days-apart.ts'
import { counted, inWords } from '../../ui/numbers.ts'
import { useLanguage } from '../../ui/time.tsx'
import { lastDayUntil } from '../days.ts'

/** Between which moments a new token may expire, and what is proposed. */
export type ExpiryBounds = { earliest: Date; usual: Date; latest: Date }

const dayMs = 86_400_000

/**
 * The calendar: the browser's own, with the server's bounds, and shortcuts. Its form sends `timeZone` as well. Without JavaScript a
 * shortcut does not change the calendar: the server takes the shortcut where the calendar was left as `proposed`.
 */
export function ExpiryField({
  label,
  bounds,
  timeZone,
  typed,
  problem,
}: {
  label: string
  bounds: ExpiryBounds
  /** In which its day ends. */
  timeZone: string
  /** The day that was sent and refused. */
  typed: string | undefined
  /** What is wrong with it. */
  problem: ReactNode
}) {
  const calendar = useRef<HTMLInputElement>(null)
  const proposed = typed ?? dayIn(timeZone, bounds.usual)
  const [chosen, setChosen] = useState<string | null>(null)
  const day = chosen ?? proposed
  // A form that was sent goes back to its first values by itself: the calendar has the last word, also over the shortcuts.
  const shortcuts = useRef<HTMLFieldSetElement>(null)
  useEffect(() => {
    const shown = calendar.current?.value
    if (shown !== undefined && shown !== day) setChosen(shown)
    for (const radio of shortcuts.current?.querySelectorAll('input') ?? [])
      radio.checked = radio.value === shown
  })
  const now = new Date(bounds.earliest.getTime() - shortestLifetimeDays * dayMs)
  const choose = (shortcut: string) => {
    if (calendar.current) calendar.current.value = shortcut
    setChosen(shortcut)
  }
  // A shortcut that was pressed before the scripts ran counts as well, unless a day was chosen after it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, before the calendar has the last word.
  useLayoutEffect(() => {
    const pressed = shortcuts.current?.querySelector<HTMLInputElement>('input:checked')
    if (pressed && pressed.value !== proposed && calendar.current?.value === proposed) choose(pressed.value)
  }, [])
  return (
    <div className="grid gap-1.5">
      <label htmlFor="until" className="text-sm font-medium">
        {label}
      </label>
      <div className="flex flex-wrap items-center gap-1.5">
        <input type="hidden" name="proposed" value={proposed} />
        <input
          ref={calendar}
          type="date"
          id="until"
          name="until"
          data-first-focus
          defaultValue={proposed}
          onChange={(event) => setChosen(event.target.value)}
          min={dayIn(timeZone, bounds.earliest)}
          max={lastDayUntil(timeZone, bounds.latest)}
          aria-invalid={problem ? true : undefined}
          aria-describedby={problem ? 'until-problem until-words until-hint' : 'until-words until-hint'}
          className={`${dateInput} w-44`}
        />
        <fieldset ref={shortcuts} className="contents">
          <legend className="sr-only">Shortcuts</legend>
          {shortcutsFrom(now, bounds).map(([name, at]) => {
            const value = dayIn(timeZone, at)
            return (
              <label
                key={name}
                className="relative flex min-h-9 items-center rounded-lg border border-control px-2.5 text-sm has-checked:border-accent has-checked:bg-accent-soft has-checked:text-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent pointer-coarse:min-h-11"
              >
                <input
                  type="radio"
                  name="lifetime"
                  value={value}
                  defaultChecked={value === proposed}
                  onChange={() => choose(value)}
                  className="absolute inset-0 size-full opacity-0"
                />
                {name}
              </label>
            )
          })}
        </fieldset>
      </div>
      {problem && (
        <p id="until-problem" role="alert" className="text-sm text-danger">
          {problem}
        </p>
      )}
      <p id="until-words" aria-live="polite" className="text-sm">
        <EndInWords day={day} today={dayIn(timeZone, now)} timeZone={timeZone} />
      </p>
      <p id="until-hint" className="text-[13px] text-soft wrap-anywhere">
        At the end of this day, {zoneText(timeZone)}. At least {inWords(shortestLifetimeDays, 'day')} from
        now, {inWords(longestLifetimeYears, 'year')} at most.
      </p>
    </div>
  )
}

function shortcutsFrom(now: Date, { usual }: ExpiryBounds): [name: string, at: Date][] {
  const twoYears = new Date(usual)
  twoYears.setUTCFullYear(usual.getUTCFullYear() + 1)
  return [
    ['90 days', new Date(now.getTime() + 90 * dayMs)],
    ['1 year', usual],
    ['2 years', twoYears],
  ]
}

/** `Ends Monday, 29 November 2027, 23:59 UTC, in 365 days`. */
function EndInWords({ day, today, timeZone }: { day: string; today: string; timeZone: string }) {
  const language = useLanguage()
  const at = Date.parse(`${day}T12:00:00Z`)
  if (Number.isNaN(at)) return 'Choose a day.'
  const date = dateFormat(language, {
    ...{ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
    timeZone: 'UTC',
  }).format(at)
  const zone = dateFormat(language, { timeZone, timeZoneName: 'short' })
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')?.value
  const days = Math.round((at - Date.parse(`${today}T12:00:00Z`)) / dayMs)
  const when = days > 0 ? `in ${counted(days, 'day')}` : days === 0 ? 'today' : 'which is over'
  return `Ends ${date.replaceAll(/[\u202f\u00a0]/g, ' ')}, 23:59 ${zone ?? timeZone}, ${when}.`
}

const zoneText = (timeZone: string) =>
  timeZone === 'UTC' ? 'in UTC' : `in your time zone (${timeZone.replaceAll('_', ' ')})`
