'use client'

import { maxNameLength } from '#lib/auth/limits.ts'
import { NewPasswordFields } from '../account/new-password-fields.tsx'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import { errorsIn, type FormAction, sentIn } from '../ui/form-state.ts'
import { useForm } from '../ui/use-form.ts'
import { attempt, closedTexts } from './invitation-texts.ts'
import type { JoinState } from './member-actions.ts'

const ownTexts = {
  ...closedTexts,
  'has-account': 'There is an account with this address. Load the page again and sign in.',
}

type Props = { action: FormAction<JoinState>; email: string }

/** Makes an account with the invited address, and joins with it. */
export function JoinForm({ action, email }: Props) {
  const form = useForm(action)
  const { state, submit, pending } = form
  const errors = errorsIn(state)
  const name = sentIn(state)?.name
  return (
    <form action={submit} method="post" key={name} className="grid gap-4">
      <FormProblem form={form} attempt={attempt} own={ownTexts} />
      <p className="text-soft">There is no account with this address yet: make one.</p>
      {/* Password managers keep it beside the password. */}
      <input type="hidden" name="username" value={email} autoComplete="username" />
      <Field
        id="name"
        name="name"
        label="Your name"
        autoComplete="name"
        maxLength={maxNameLength}
        required
        defaultValue={name}
        error={errors.name}
      />
      <NewPasswordFields errors={errors} />
      <Button type="submit" look="primary" disabled={pending}>
        {pending ? 'Making your account…' : 'Make account and accept'}
      </Button>
    </form>
  )
}
