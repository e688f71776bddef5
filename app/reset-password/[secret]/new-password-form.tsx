'use client'

import { useActionState, useEffect, useRef } from 'react'
import { NewPasswordFields } from '#components/account/new-password-fields.tsx'
import { Button } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import type { ResetState } from '../reset-state.ts'

type Props = { action: (state: ResetState, form: FormData) => Promise<ResetState> }

export function NewPasswordForm({ action }: Props) {
  const [state, submit, isPending] = useActionState(action, null)
  const failed = state?.kind === 'failed' ? state : null
  const notice = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (state) notice.current?.focus()
  }, [state])
  return (
    <form action={submit} method="post" className="grid gap-4">
      {failed && (
        <Notice kind="danger" role="alert" tabIndex={-1} ref={notice}>
          {failed.text}
        </Notice>
      )}
      <p className="text-soft">You are signed out everywhere when it is set.</p>
      <NewPasswordFields errors={failed?.errors ?? {}} />
      <Button type="submit" look="primary" disabled={isPending}>
        {isPending ? 'Setting…' : 'Set the password'}
      </Button>
    </form>
  )
}
