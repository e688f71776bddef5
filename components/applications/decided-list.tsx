'use client'

import type { DecidedApplication } from '#lib/applications/list.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import type { FormAction } from '../ui/form-state.ts'
import { Time } from '../ui/time.tsx'
import { useForm } from '../ui/use-form.ts'
import type { DecideState } from './application-actions.ts'
import { ApplicationFacts } from './application-facts.tsx'
import { DecideOutcome } from './decide-outcome.tsx'

type Props = { applications: DecidedApplication[]; inviteAgain: FormAction<DecideState> }

/** Applications that were decided; an approved applicant can be invited again until somebody has accepted. */
export function DecidedList({ applications, inviteAgain }: Props) {
  const form = useForm(inviteAgain)
  return (
    <>
      <DecideOutcome form={form} className="mb-5" />
      <div className="grid gap-5">
        {applications.map((application) => (
          <Card key={application.id} aria-labelledby={`company-${application.id}`} className="p-5">
            <ApplicationFacts application={application} />
            {application.answerProblem && (
              <p className="mt-4 border-t border-line pt-4 text-sm text-soft">
                <GivenUp what="the answer" problem={application.answerProblem} />
              </p>
            )}
            {application.invitation && (
              <form
                action={form.submit}
                method="post"
                className="mt-4 flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line pt-4"
              >
                <input type="hidden" name="applicationId" value={application.id} />
                <Button type="submit" disabled={form.pending} aria-describedby={`company-${application.id}`}>
                  Invite again
                </Button>
                <p className="text-sm text-soft">
                  <InvitationText {...application.invitation} />
                </p>
              </form>
            )}
          </Card>
        ))}
      </div>
    </>
  )
}

function InvitationText({ expiresAt, isExpired, problem }: NonNullable<DecidedApplication['invitation']>) {
  if (!expiresAt) return 'Nobody works for the partner yet, and no invitation waits.'
  if (problem) return <GivenUp what="the invitation" problem={problem} />
  return (
    <>
      Nobody has accepted the invitation yet. It {isExpired ? 'expired' : 'expires'} <Time at={expiresAt} />.
    </>
  )
}

/** With the mail server's own words. */
function GivenUp({ what, problem }: { what: string; problem: string }) {
  return (
    <>
      The mail of {what} could not be delivered and was given up. The mail server said: “<bdi>{problem}</bdi>
      ”.
    </>
  )
}
