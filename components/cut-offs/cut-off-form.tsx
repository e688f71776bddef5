'use client'

import { type ReactNode, useState } from 'react'
import type { CutOffRefusal } from '#lib/cut-offs/cut-off.ts'
import { ReasonChoice, ReasonNote } from '../tokens/revocation/reason-choice.tsx'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Field } from '../ui/field.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import { errorsIn, sentIn } from '../ui/form-state.ts'
import type { OwnTexts } from '../ui/refusal-text.tsx'
import { useForm } from '../ui/use-form.ts'
import type { CutOffAction, SentCutOff } from './cut-off-actions.ts'
import { CutOffResult } from './cut-off-result.tsx'

type Props = {
  action: CutOffAction
  /** What the form says of whose tokens end, beside what its action is bound to. */
  hidden: Record<string, string>
  /** Of the cut-off that this page would make: sent twice, it is made once. */
  cutOffId: string
  /** What has to be typed, and whose name it is: `the partner`. */
  name: string
  whose: string
  /** Null: no token is left to end. */
  confirm: string | null
  /** What breaks and what ends. */
  review: ReactNode
  /** Who reads the reason. */
  readers: string
  /** Of whose tokens: `of Parcel Pilot at every store`. */
  what: string
  /** What to do once they have ended. */
  next: ReactNode
}

const reasons = ['exposed', 'no-longer-working-together', 'other'] as const

const attempt = {
  what: 'Revoking every token',
  undone: 'Nothing was revoked',
  unknown: 'whether they were revoked',
  again: 'confirm again',
  safe: 'what was sent twice is done once',
  tooMany: 'Every token was revoked too many times within an hour',
}

const ownTexts: OwnTexts<Exclude<CutOffRefusal, 'name-differs'>> = {
  'not-allowed': 'This takes an owner. Nothing was revoked.',
  'older-gateways':
    'An API server of an older version still runs, and would go on accepting the tokens. Nothing was revoked. Try again in a few minutes. Until then revoke tokens in the list.',
}

/** The review of a cut-off with its form; then what came of it. */
export function CutOffForm({ action, hidden, name, whose, confirm, review, readers, ...rest }: Props) {
  const form = useForm(action)
  // As it was when the page was opened, however often its figures come anew.
  const [cutOffId] = useState(rest.cutOffId)
  const { state, submit, pending } = form
  if (state.kind === 'done')
    return (
      <CutOffResult done={state.value} what={rest.what} outcome={form.outcome}>
        {rest.next}
      </CutOffResult>
    )
  if (confirm === null) return <Card className="max-w-3xl p-5">{review}</Card>
  const sent = sentIn(state)
  const errors = errorsIn(state)
  return (
    <Card className="grid max-w-3xl gap-5 p-5">
      {review}
      <form
        action={submit}
        method="post"
        key={JSON.stringify(sent)}
        className="grid gap-5 border-t border-line pt-5"
      >
        <FormProblem
          form={form}
          id="cut-off-problem"
          attempt={attempt}
          own={ownTexts}
          at={['name', 'reason', 'note']}
        />
        {Object.entries(hidden).map(([key, value]) => (
          <input key={key} type="hidden" name={key} value={value} />
        ))}
        {/* Not an id by its name: after a proof the form is another one, and gets what was typed all the same. */}
        <input type="hidden" name="once" value={cutOffId} />
        <ReasonField sent={sent} errors={errors} readers={readers} />
        <Field
          id="cut-off-name"
          name="name"
          label={`Type the name of ${whose}`}
          hint={`Exactly: ${name}`}
          error={errors.name}
          defaultValue={sent?.name}
          maxLength={500}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          required
        />
        <div className="grid justify-items-start gap-2">
          <Button type="submit" look="danger" disabled={pending} className="pointer-coarse:min-h-11">
            {pending ? 'Revoking…' : confirm}
          </Button>
          <p className="text-[13px] text-soft">
            You are asked to confirm that it is you, unless you have done so within the last ten minutes.
          </p>
        </div>
      </form>
    </Card>
  )
}

type ReasonProps = { sent: SentCutOff | undefined; errors: Record<string, string>; readers: string }

function ReasonField({ sent, errors, readers }: ReasonProps) {
  const { reason: reasonError, note: noteError } = errors
  return (
    <fieldset className="group" aria-describedby={reasonError ? 'reason-error' : undefined}>
      <legend className="mb-1.5 text-sm">
        <span className="font-medium">Why?</span> <span className="text-soft">{readers}</span>
      </legend>
      <ReasonChoice reasons={reasons} sent={sent?.reason} required />
      {reasonError && (
        <p id="reason-error" role="alert" className="mt-2 text-sm text-danger">
          {reasonError}
        </p>
      )}
      <ReasonNote sent={sent?.note} error={noteError} />
    </fieldset>
  )
}
