import type { ReactNode } from 'react'
import { dateInput } from '../../ui/date-input.ts'
import { dayIn } from '../../ui/days-apart.ts'
import { RadioLines } from '../../ui/radio-lines.tsx'
import { lastDayUntil } from '../days.ts'
import type { SentRenewal } from '../token-actions.ts'
import type { ExpiryBounds } from './expiry-field.tsx'

type FieldProps = {
  bounds: ExpiryBounds
  /** The database's time. */
  now: Date
  /** How many tokens are renewed. */
  count: number
  timeZone: string
  sent: Pick<SentRenewal, 'retire' | 'retireOn'> | undefined
  problem: ReactNode
}

const retirements = [
  ['never', 'it works until its own expiry'],
  ['adopted', 'it ends itself when the new one is first used'],
  ['on-date', 'it ends itself on a date'],
] as const

/** What becomes of the old tokens. */
export function RetirementField({ bounds, now, count, timeZone, sent, problem }: FieldProps) {
  return (
    <fieldset className="group">
      <legend className="mb-1 text-sm font-medium">
        {count === 1 ? 'The old token: ' : 'Each old token: '}
      </legend>
      <RadioLines name="retire" lines={retirements} chosen={sent?.retire ?? 'never'} />
      <div className="mt-2 ml-6 hidden gap-1 group-has-[[value=on-date]:checked]:grid">
        <label htmlFor="retireOn" className="text-[13px] text-soft">
          It ends at the end of
        </label>
        <input
          type="date"
          id="retireOn"
          name="retireOn"
          defaultValue={sent?.retireOn}
          min={dayIn(timeZone, now)}
          max={lastDayUntil(timeZone, bounds.latest)}
          aria-invalid={problem ? true : undefined}
          aria-describedby={problem ? 'retire-problem' : undefined}
          className={`${dateInput} w-44`}
        />
        {problem && (
          <p id="retire-problem" role="alert" className="text-sm text-danger">
            {problem}
          </p>
        )}
      </div>
      <p className="mt-1.5 text-[13px] text-soft">The first API call that is accepted is the first use.</p>
    </fieldset>
  )
}
