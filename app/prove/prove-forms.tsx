'use client'

import { useActionState, useEffect, useRef } from 'react'
import { type PasskeyAsk, PasskeyForm } from '#components/account/passkey-form.tsx'
import { Button } from '#components/ui/button.tsx'
import { Field } from '#components/ui/field.tsx'
import { Notice } from '#components/ui/notice.tsx'
import type { FactorsState } from '../account/factors-state.ts'

type Action = (state: FactorsState, form: FormData) => Promise<FactorsState>

export function ProvePassword({ action, email }: { action: Action; email: string }) {
  const [state, submit, isPending] = useActionState(action, null)
  return (
    <form action={submit} method="post" className="grid gap-4">
      <Problem state={state} />
      <input type="hidden" name="username" value={email} autoComplete="username" />
      <Field
        id="password"
        name="password"
        type="password"
        label="Password"
        autoComplete="current-password"
        maxLength={200}
        required
      />
      <Button type="submit" look="primary" disabled={isPending} className="justify-self-start">
        Confirm
      </Button>
    </form>
  )
}

type PasskeyProps = { action: Action; ask: PasskeyAsk }

export function ProvePasskey({ action, ask }: PasskeyProps) {
  const [state, submit] = useActionState(action, null)
  return (
    <div className="grid gap-4">
      <Problem state={state} />
      <PasskeyForm ask={ask} action={submit} button="Use a passkey" />
    </div>
  )
}

function Problem({ state }: { state: FactorsState }) {
  const notice = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (state) notice.current?.focus()
  }, [state])
  if (!state) return null
  return (
    <Notice kind="danger" role="alert" tabIndex={-1} ref={notice}>
      {state.text}
    </Notice>
  )
}
