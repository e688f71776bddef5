import { maxNoteLength } from '#lib/tokens/limits.ts'
import type { RetirementReason, RevocationReason } from '#lib/tokens/model/schemas.ts'
import { chosenReasonNames } from '../words.ts'

type ChosenReason = RevocationReason | RetirementReason

type ChoiceProps = {
  reasons: readonly ChosenReason[]
  /** What a refused form was sent with. */
  sent: ChosenReason | null | undefined
  required?: boolean
}

/** A button for each reason. None is chosen beforehand: whoever is in a hurry must not tell the other side what is not so. */
export function ReasonChoice({ reasons, sent, required = false }: ChoiceProps) {
  return (
    <div className="flex flex-wrap gap-1.5">
      {reasons.map((reason) => (
        <label
          key={reason}
          className="relative flex min-h-9 items-center rounded-lg border border-control px-2.5 text-sm has-checked:border-accent has-checked:bg-accent-soft has-checked:text-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent pointer-coarse:min-h-11 forced-colors:has-checked:border-[Highlight]"
        >
          <input
            type="radio"
            name="reason"
            value={reason}
            defaultChecked={sent === reason}
            required={required}
            className="absolute inset-0 size-full opacity-0"
          />
          {chosenReasonNames[reason]}
          {reason === 'other' && '…'}
        </label>
      ))}
    </div>
  )
}

/** The words for `other`; hidden until it is chosen within the `group` around both. */
export function ReasonNote({ sent, error }: { sent: string | undefined; error: string | undefined }) {
  return (
    <div className="mt-2 hidden gap-1 group-has-[[value=other]:checked]:grid">
      <label htmlFor="note" className="text-[13px] text-soft">
        In a few words (needed)
      </label>
      <textarea
        id="note"
        name="note"
        rows={2}
        maxLength={maxNoteLength}
        defaultValue={sent}
        aria-required="true"
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? 'note-problem' : undefined}
        className="w-full rounded-lg border border-control bg-ground px-3 py-1.5 aria-invalid:border-danger"
      />
      {error && (
        <p id="note-problem" role="alert" className="text-sm text-danger">
          {error}
        </p>
      )}
    </div>
  )
}
