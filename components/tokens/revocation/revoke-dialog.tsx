import type { ReactNode } from 'react'
import type { Side } from '#lib/access/actor.ts'
import { maxNoteLength } from '#lib/tokens/limits.ts'
import type { RevocationReason } from '#lib/tokens/model/schemas.ts'
import type { RevocationRefusal } from '#lib/tokens/revoke.ts'
import { DialogForm } from '../../ui/dialog-form.tsx'
import { FormProblem } from '../../ui/form-problem.tsx'
import { errorsIn, sentIn } from '../../ui/form-state.ts'
import type { ListBehind } from '../../ui/list-address.ts'
import type { OwnTexts } from '../../ui/refusal-text.tsx'
import type { SentForm } from '../../ui/use-form.ts'
import type { RevokeState } from '../token-actions.ts'
import { chosenReasonNames, confirmRevokeTitle } from '../words.ts'
import { SentContext } from './sibling-tick.tsx'

export type RevokeDialogProps = {
  /** `nothing-left`: all that was chosen has ended meanwhile. */
  kind: 'revoke' | 'nothing-left'
  side: Side
  form: SentForm<RevokeState>
  behind: ListBehind
  title: string
  tokenIds: string[]
  /** What will die. */
  review: ReactNode
  /** What stays alive, with the tick that includes it. */
  siblings: ReactNode
  consequences: ReactNode
}

/** Chosen already, so that whoever only wants a token dead confirms with one press. */
const likeliestReason: RevocationReason = 'no-longer-working-together'
const reasons = Object.entries(chosenReasonNames) as [RevocationReason, string][]

const attempt = {
  what: 'Revoking a token',
  undone: 'Nothing was revoked',
  again: 'confirm again',
  safe: 'no token is revoked twice',
}

const ownTexts: OwnTexts<RevocationRefusal> = {
  'not-found':
    'None of these tokens belongs here any more. Close this and reload the list. Nothing was revoked.',
  'too-many-siblings':
    'There are too many other live tokens to revoke at once: leave the tick out. Nothing was revoked.',
}

export function RevokeDialog({
  kind,
  side,
  form,
  behind,
  title,
  tokenIds,
  review,
  siblings,
  consequences,
}: RevokeDialogProps) {
  const shell = { id: 'revoke', title, behind, form }
  if (kind === 'nothing-left') {
    return (
      <DialogForm {...shell} confirm={null}>
        {review}
        {siblings}
      </DialogForm>
    )
  }
  const sent = sentIn(form.state)
  const errors = errorsIn(form.state)
  return (
    <DialogForm
      {...shell}
      describedBy="revoke-blast-radius revoke-consequences"
      confirm={{ label: confirmRevokeTitle[side], busyLabel: 'Revoking…', look: 'danger' }}
      problem={<FormProblem form={form} id="revoke-problem" attempt={attempt} own={ownTexts} />}
      // What was sent comes back as the new default values: the key makes the fields take them.
      formKey={JSON.stringify(sent)}
    >
      {tokenIds.map((id) => (
        <input key={id} type="hidden" name="tokenId" value={id} />
      ))}
      {review}
      <SentContext value={sent}>{siblings}</SentContext>
      <fieldset aria-describedby={errors.reason ? 'revoke-problem' : undefined} className="group">
        <legend className="mb-1.5 text-[13px] text-soft">
          Reason ({side === 'merchant' ? 'the partner' : 'the merchant'} sees it)
        </legend>
        <div className="flex flex-wrap gap-1.5">
          {reasons.map(([reason, name]) => (
            <label
              key={reason}
              className="relative flex min-h-9 items-center rounded-lg border border-control px-2.5 text-sm has-checked:border-accent has-checked:bg-accent-soft has-checked:text-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
            >
              <input
                type="radio"
                name="reason"
                value={reason}
                defaultChecked={(sent ? sent.reason : likeliestReason) === reason}
                required
                className="absolute inset-0 size-full opacity-0"
              />
              {name}
              {reason === 'other' && '…'}
            </label>
          ))}
        </div>
        <div className="mt-2 hidden gap-1 group-has-[[value=other]:checked]:grid">
          <label htmlFor="note" className="text-[13px] text-soft">
            In a few words
          </label>
          <textarea
            id="note"
            name="note"
            rows={2}
            maxLength={maxNoteLength}
            defaultValue={sent?.note}
            aria-invalid={errors.note ? true : undefined}
            aria-describedby={errors.note ? 'revoke-problem' : undefined}
            className="w-full rounded-lg border border-control bg-ground px-3 py-1.5"
          />
        </div>
      </fieldset>
      <div id="revoke-consequences" className="text-sm text-soft">
        {consequences}
      </div>
    </DialogForm>
  )
}
