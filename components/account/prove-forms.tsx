'use client'

import { maxPasswordLength } from '#lib/auth/limits.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import type { FormAction } from '../ui/form-state.ts'
import { useForm } from '../ui/use-form.ts'
import type { ProveState } from './account-actions.ts'
import { attempt, factorTexts } from './factor-texts.ts'
import { type PasskeyAsk, PasskeyForm } from './passkey-form.tsx'

type PasswordProps = { action: FormAction<ProveState>; email: string }

export function ProvePassword({ action, email }: PasswordProps) {
  const form = useForm(action)
  return (
    <form action={form.submit} method="post" className="grid gap-4">
      <FormProblem form={form} attempt={attempt} own={factorTexts} />
      <input type="hidden" name="username" value={email} autoComplete="username" />
      <Field
        id="password"
        name="password"
        type="password"
        label="Password"
        autoComplete="current-password"
        maxLength={maxPasswordLength}
        required
      />
      <Button type="submit" look="primary" disabled={form.pending} className="justify-self-start">
        Confirm
      </Button>
    </form>
  )
}

type PasskeyProps = { action: FormAction<ProveState>; ask: PasskeyAsk }

export function ProvePasskey({ action, ask }: PasskeyProps) {
  const form = useForm(action)
  return (
    <div className="grid gap-4">
      <FormProblem form={form} attempt={attempt} own={factorTexts} />
      <PasskeyForm ask={ask} action={form.submit} button="Use a passkey" />
    </div>
  )
}
