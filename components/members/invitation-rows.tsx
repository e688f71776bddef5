import type { ListedInvitation } from '#lib/members/list.ts'
import { Person } from '../people/person.tsx'
import { Button } from '../ui/button.tsx'
import { Tag } from '../ui/tag.tsx'
import { Time } from '../ui/time.tsx'
import { roleNames } from './words.ts'

type Props = { invitations: ListedInvitation[]; submit: (form: FormData) => void; pending: boolean }

/** Invitations that nobody has accepted yet. */
export function InvitationRows({ invitations, submit, pending }: Props) {
  return (
    <ul className="divide-y divide-line border-t border-line">
      {invitations.map(
        ({
          id,
          email,
          role,
          invitedAt,
          invitedBy,
          invitedByEmail,
          expiresAt,
          isExpired,
          mailProblem,
          mailGivenUpAt,
        }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
            <div className="min-w-0 flex-1 basis-60">
              <p className="flex flex-wrap items-center gap-x-2 font-medium wrap-anywhere">
                {email}
                {isExpired && <Tag look="warn">Expired</Tag>}
                {mailGivenUpAt && <Tag look="danger">Mail not delivered</Tag>}
              </p>
              <p className="text-[13px] text-soft wrap-anywhere">
                {roleNames[role]} · invited <Time at={invitedAt} /> by{' '}
                <Person name={invitedBy} email={invitedByEmail} /> · {isExpired ? 'expired' : 'expires'}{' '}
                <Time at={expiresAt} />
              </p>
              {mailProblem && (
                <p className="mt-1 text-[13px] text-soft wrap-anywhere">
                  {mailGivenUpAt ? (
                    <>
                      The mail was given up on <Time at={mailGivenUpAt} show="date-and-time" />. Check the
                      address; if it is right, invite again.
                    </>
                  ) : (
                    'The mail is not delivered yet and is tried again for two days.'
                  )}{' '}
                  The mail server said: “<bdi>{mailProblem}</bdi>”.
                </p>
              )}
            </div>
            <form action={submit} method="post" className="flex flex-wrap gap-2">
              <input type="hidden" name="invitationId" value={id} />
              <Button
                type="submit"
                name="verb"
                value="invite-again"
                disabled={pending}
                aria-label={`Invite again: ${email}`}
              >
                Invite again
              </Button>
              <Button
                type="submit"
                name="verb"
                value="withdraw"
                disabled={pending}
                aria-label={`Withdraw the invitation to ${email}`}
              >
                Withdraw
              </Button>
            </form>
          </li>
        ),
      )}
    </ul>
  )
}
