import type { Route } from 'next'
import type { ReactNode } from 'react'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Modal } from '../ui/modal.tsx'

type Props = {
  member: { userId: string; name: string; email: string }
  page: Route
  notice: ReactNode
  submit: (form: FormData) => void
  pending: boolean
}

/** Asks before somebody's passkeys and recovery codes are taken away. */
export function ResetDialog({ member, page, notice, submit, pending }: Props) {
  return (
    <Modal key={member.userId} labelledBy="reset-title" describedBy="reset-text" closeHref={page}>
      <form action={submit} method="post">
        <div className="grid gap-4 p-5">
          <h2 id="reset-title" className="text-lg font-semibold tracking-tight wrap-anywhere">
            Remove the passkeys of <bdi>{member.name}</bdi>?
          </h2>
          {notice}
          <p id="reset-text" className="wrap-anywhere">
            For somebody who has lost them, and the recovery codes too: <bdi>{member.email}</bdi> is signed
            out everywhere and signs in with the password alone, until a new passkey is added. Make sure that
            it is really this person who asks. They get a mail.
          </p>
          <input type="hidden" name="userId" value={member.userId} />
        </div>
        <div className="flex flex-wrap justify-end gap-2.5 border-t border-line px-5 py-3.5">
          <ButtonLink href={page} scroll={false} replace data-first-focus>
            Cancel
          </ButtonLink>
          <Button type="submit" name="deed" value="reset-factors" look="danger" disabled={pending}>
            Remove passkeys
          </Button>
        </div>
      </form>
    </Modal>
  )
}
