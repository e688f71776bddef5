'use client'

import { useActionState, useEffect, useRef } from 'react'
import { NewPasswordFields } from '#components/account/new-password-fields.tsx'
import { Button } from '#components/ui/button.tsx'
import { Field } from '#components/ui/field.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { type InvitationState, refusalText } from './invitation-state.ts'

type Props = {
  action: (state: InvitationState, form: FormData) => Promise<InvitationState>
  email: string
}

/** Makes an account with the invited address, and joins with it. */
export function JoinForm({ action, email }: Props) {
  const [state, join, isPending] = useActionState(action, null)
  const problem = refusalText(state) ?? Object.values(state?.errors ?? {})[0]
  const notice = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (state) notice.current?.focus()
  }, [state])
  return (
    <form action={join} method="post" key={state?.typedName ?? ''} className="grid gap-4">
      {problem && (
        <Notice kind="danger" role="alert" tabIndex={-1} ref={notice}>
          {problem}
        </Notice>
      )}
      <p className="text-soft">There is no account with this address yet: make one.</p>
      {/* Password managers keep it beside the password. */}
      <input type="hidden" name="username" value={email} autoComplete="username" />
      <Field
        id="name"
        name="name"
        label="Your name"
        autoComplete="name"
        maxLength={200}
        required
        defaultValue={state?.typedName}
        error={state?.errors.name}
      />
      <NewPasswordFields errors={state?.errors ?? {}} />
      <Button type="submit" look="primary" disabled={isPending}>
        {isPending ? 'Making your account…' : 'Make account and accept'}
      </Button>
    </form>
  )
}
