'use client'

import { useActionState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { type InvitationState, refusalText } from './invitation-state.ts'

type Props = { action: (state: InvitationState, form: FormData) => Promise<InvitationState> }

/** One click, for who is signed in with the invited address. */
export function AcceptForm({ action }: Props) {
  const [state, accept, isPending] = useActionState(action, null)
  const problem = refusalText(state)
  return (
    <form action={accept} method="post" className="grid justify-items-start gap-4">
      {problem && (
        <Notice kind="danger" role="alert">
          {problem}
        </Notice>
      )}
      <Button type="submit" look="primary" disabled={isPending}>
        {isPending ? 'Accepting…' : 'Accept'}
      </Button>
    </form>
  )
}
