import type { ReactNode } from 'react'
import { dateInput } from './date-input.ts'
import { minuteIn } from './minute.ts'

/** A minute of the reader's clock: the browser's own calendar and clock, with the server's bounds. */
export function MinuteField({
  name,
  label,
  timeZone,
  sent,
  earliest,
  latest,
  problem,
  hint,
}: {
  name: string
  /** Before `in your time zone`. */
  label: string
  timeZone: string
  /** What was typed before, as the field has it. */
  sent: string | undefined
  earliest: Date
  latest: Date
  problem: ReactNode
  hint: ReactNode
}) {
  const [problemId, hintId] = [`${name}-problem`, `${name}-hint`]
  return (
    <>
      <label htmlFor={name} className="text-[13px] text-soft">
        {label}, in {timeZone === 'UTC' ? 'UTC' : `your time zone (${timeZone.replaceAll('_', ' ')})`}
      </label>
      <input
        type="datetime-local"
        id={name}
        name={name}
        defaultValue={sent}
        min={minuteIn(timeZone, earliest)}
        max={minuteIn(timeZone, latest)}
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem ? `${problemId} ${hintId}` : hintId}
        className={`${dateInput} w-60 max-w-full`}
      />
      {problem && (
        <p id={problemId} role="alert" className="text-sm text-danger">
          {problem}
        </p>
      )}
      <p id={hintId} className="text-[13px] text-soft">
        {hint}
      </p>
    </>
  )
}
