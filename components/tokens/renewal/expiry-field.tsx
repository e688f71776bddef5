import { longestLifetimeYears, shortestLifetimeDays } from '#lib/tokens/limits.ts'
import { inWords } from '../../ui/numbers.ts'
import { dayIn, lastDayUntil } from '../days.ts'

/** Between which moments a new token may expire, and what is proposed. */
export type ExpiryBounds = { earliest: Date; usual: Date; latest: Date }

export const dateInput =
  'min-h-9 rounded-lg border border-control bg-ground px-2.5 text-ink aria-invalid:border-danger'

/** The calendar: the browser's own, with the server's bounds. Its form sends `timeZone` as well. */
export function ExpiryField({
  label,
  bounds,
  timeZone,
  typed,
  problemId,
}: {
  label: string
  bounds: ExpiryBounds
  /** In which its day ends. */
  timeZone: string
  /** The day that was sent and refused. */
  typed: string | undefined
  /** Of the text that says what is wrong with it. */
  problemId: string | undefined
}) {
  return (
    <div className="grid gap-1">
      <label htmlFor="until" className="text-sm font-medium">
        {label}
      </label>
      <input
        type="date"
        id="until"
        name="until"
        data-first-focus
        defaultValue={typed ?? dayIn(timeZone, bounds.usual)}
        min={dayIn(timeZone, bounds.earliest)}
        max={lastDayUntil(timeZone, bounds.latest)}
        aria-invalid={problemId === undefined ? undefined : true}
        aria-describedby={problemId === undefined ? 'until-hint' : `${problemId} until-hint`}
        className={`${dateInput} w-44`}
      />
      <p id="until-hint" className="text-[13px] text-soft wrap-anywhere">
        At the end of this day, {zoneText(timeZone)}. At least {inWords(shortestLifetimeDays, 'day')} from
        now, {inWords(longestLifetimeYears, 'year')} at most.
      </p>
    </div>
  )
}

const zoneText = (timeZone: string) =>
  timeZone === 'UTC' ? 'in UTC' : `in your time zone (${timeZone.replaceAll('_', ' ')})`
