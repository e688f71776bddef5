'use client'

import { maxEmailLength } from '#lib/auth/limits.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import { errorsIn, type FormAction, sentIn } from '../ui/form-state.ts'
import { Notice } from '../ui/notice.tsx'
import { useForm } from '../ui/use-form.ts'
import type { AskForResetState } from './account-actions.ts'

const attempt = {
  undone: 'Nothing was mailed',
  again: 'try again',
  safe: 'a second mail does no harm',
  tooMany: 'Too many mails were asked for',
}

/** Asks for a mail; the answer is the same for every address. */
export function AskForResetForm({ action }: { action: FormAction<AskForResetState> }) {
  const form = useForm(action)
  const { state, submit, pending, outcome } = form
  if (state.kind === 'done') {
    return (
      <Notice kind="ok" role="status" tabIndex={-1} ref={outcome} title="Look into your mailbox">
        <p>
          If there is an account with a password for this address, a mail goes to it. Its link works once, for
          an hour.
        </p>
      </Notice>
    )
  }
  const email = sentIn(state)?.email
  return (
    <form action={submit} method="post" key={email} className="grid gap-4">
      <FormProblem form={form} attempt={attempt} own={{}} />
      <p className="text-soft">
        Give your e-mail address, and you get a mail with a link that sets a new password.
      </p>
      <Field
        id="email"
        name="email"
        type="email"
        label="E-mail address"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={maxEmailLength}
        required
        defaultValue={email}
        error={errorsIn(state).email}
      />
      <Button type="submit" look="primary" disabled={pending}>
        {pending ? 'Asking…' : 'Send the mail'}
      </Button>
    </form>
  )
}
