'use client'

import { Button } from '../ui/button.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import { errorsIn, type FormAction } from '../ui/form-state.ts'
import { useForm } from '../ui/use-form.ts'
import type { ResetPasswordState } from './account-actions.ts'
import { NewPasswordFields } from './new-password-fields.tsx'

const attempt = {
  undone: 'Nothing was saved',
  again: 'try again',
  safe: 'the password is set once',
}

const ownTexts = { void: 'This link does not work any more. Ask for a new one.' }

/** The new password of somebody who has forgotten theirs. */
export function NewPasswordForm({ action }: { action: FormAction<ResetPasswordState> }) {
  const form = useForm(action)
  return (
    <form action={form.submit} method="post" className="grid gap-4">
      <FormProblem form={form} attempt={attempt} own={ownTexts} />
      <p className="text-soft">You are signed out everywhere when it is set.</p>
      <NewPasswordFields errors={errorsIn(form.state)} />
      <Button type="submit" look="primary" disabled={form.pending}>
        {form.pending ? 'Setting…' : 'Set the password'}
      </Button>
    </form>
  )
}
