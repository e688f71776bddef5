import type { Route } from 'next'
import type { ReactNode } from 'react'
import { DialogForm } from '../ui/dialog-form.tsx'
import type { SentForm } from '../ui/use-form.ts'
import type { MembersState } from './member-actions.ts'

type Props = {
  member: { userId: string; name: string; email: string }
  page: Route
  form: SentForm<MembersState>
  problem: ReactNode
}

/** Asks before somebody's passkeys and recovery codes are taken away. */
export function ResetDialog({ member, page, form, problem }: Props) {
  return (
    <DialogForm
      id="reset"
      title={
        <>
          Remove the passkeys of <bdi>{member.name}</bdi>?
        </>
      }
      describedBy="reset-text"
      behind={page}
      form={form}
      confirm={{ label: 'Remove passkeys', look: 'danger', name: 'verb', value: 'reset-factors' }}
      problem={problem}
    >
      <p id="reset-text" className="wrap-anywhere">
        For somebody who has lost them, and the recovery codes too: <bdi>{member.email}</bdi> is signed out
        everywhere and signs in with the password alone, until a new passkey is added. Make sure that it is
        really this person who asks. They get a mail.
      </p>
      <input type="hidden" name="userId" value={member.userId} />
    </DialogForm>
  )
}
