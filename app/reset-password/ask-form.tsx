'use client'

import { useActionState, useEffect, useRef } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Field } from '#components/ui/field.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { askForPasswordReset } from '../_actions/password-reset.ts'

/** Asks for a mail; the answer is the same for every address. */
export function AskForm() {
  const [state, ask, isPending] = useActionState(askForPasswordReset, null)
  const notice = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (state) notice.current?.focus()
  }, [state])
  if (state?.kind === 'asked') {
    return (
      <Notice kind="ok" role="status" tabIndex={-1} ref={notice} title="Look into your mailbox">
        <p>
          If there is an account with a password for this address, a mail goes to it. Its link works once, for
          an hour.
        </p>
      </Notice>
    )
  }
  const failed = state?.kind === 'failed' ? state : null
  return (
    <form action={ask} method="post" key={failed?.typedEmail ?? ''} className="grid gap-4">
      {failed && (
        <Notice kind="danger" role="alert" tabIndex={-1} ref={notice}>
          {failed.text}
        </Notice>
      )}
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
        maxLength={254}
        required
        defaultValue={failed?.typedEmail}
        error={failed?.errors.email}
      />
      <Button type="submit" look="primary" disabled={isPending}>
        {isPending ? 'Asking…' : 'Send the mail'}
      </Button>
    </form>
  )
}
