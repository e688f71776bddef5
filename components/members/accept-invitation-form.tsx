'use client'

import { Button } from '../ui/button.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import type { FormAction } from '../ui/form-state.ts'
import { useForm } from '../ui/use-form.ts'
import { attempt, closedTexts } from './invitation-texts.ts'
import type { AcceptState } from './member-actions.ts'

const ownTexts = {
  ...closedTexts,
  'another-person': 'This invitation is to another e-mail address than that of your account.',
}

/** One click, for who is signed in with the invited address. */
export function AcceptInvitationForm({ action }: { action: FormAction<AcceptState> }) {
  const form = useForm(action)
  return (
    <form action={form.submit} method="post" className="grid justify-items-start gap-4">
      <FormProblem form={form} attempt={attempt} own={ownTexts} />
      <Button type="submit" look="primary" disabled={form.pending}>
        {form.pending ? 'Accepting…' : 'Accept'}
      </Button>
    </form>
  )
}
