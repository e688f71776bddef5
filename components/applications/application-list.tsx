'use client'

import { useActionState } from 'react'
import type { ListedApplication } from '#lib/applications/list.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Notice } from '../ui/notice.tsx'
import { ApplicationFacts } from './application-facts.tsx'
import { DecideOutcome } from './decide-outcome.tsx'
import type { DecideAction, DecideState } from './decide-state.ts'

type Props = { applications: ListedApplication[]; approve: DecideAction; decline: DecideAction }

/** Applications that wait: each is approved, or declined with a sentence for the applicant. */
export function ApplicationList({ applications, approve, decline }: Props) {
  const [approval, sendApproval, isApproving] = useActionState(approve, { kind: 'idle' })
  const [refusal, sendRefusal, isDeclining] = useActionState(decline, { kind: 'idle' })
  const isPending = isApproving || isDeclining
  const isRefusalOf = (state: DecideState, id: string) =>
    state.kind === 'refused' && state.applicationId === id
  // What is refused stands with its application, unless that has gone from the list.
  const refused = applications.find(({ id }) => isRefusalOf(approval, id) || isRefusalOf(refusal, id))
  const isAbove = (state: DecideState) => !applications.some(({ id }) => isRefusalOf(state, id))
  return (
    <>
      {isAbove(approval) && <DecideOutcome state={approval} className="mb-5" />}
      {isAbove(refusal) && <DecideOutcome state={refusal} className="mb-5" />}
      {refused && (
        // With scripts the focus goes there.
        <noscript>
          <Notice kind="danger" className="mb-5">
            <p className="wrap-anywhere">
              Nothing was done.{' '}
              <a href={`#company-${refused.id}`} className="underline underline-offset-4">
                See why: <bdi>{refused.company}</bdi>
              </a>
            </p>
          </Notice>
        </noscript>
      )}
      <div className="grid gap-5">
        {applications.map((application) => {
          const isRefused = isRefusalOf(refusal, application.id)
          const typed = isRefused && refusal.kind === 'refused' ? refusal.typed : ''
          const outcomeId = `outcome-${application.id}`
          const lacksAnswer = isRefused && refusal.kind === 'refused' && refusal.refusal === 'no-answer'
          return (
            <Card key={application.id} aria-labelledby={`company-${application.id}`} className="p-5">
              <ApplicationFacts application={application} />
              <div className="mt-4 grid gap-4 border-t border-line pt-4">
                {isRefusalOf(approval, application.id) && <DecideOutcome state={approval} />}
                <form action={sendApproval} className="flex flex-wrap items-center gap-x-4 gap-y-2">
                  <input type="hidden" name="applicationId" value={application.id} />
                  <Button
                    type="submit"
                    look="primary"
                    disabled={isPending}
                    aria-describedby={`company-${application.id}`}
                  >
                    Approve
                  </Button>
                  <p className="text-sm text-soft">Issues a Partner ID and invites the contact by mail.</p>
                </form>
                {isRefused && <DecideOutcome state={refusal} id={outcomeId} />}
                <form action={sendRefusal} key={typed} className="grid gap-2">
                  <input type="hidden" name="applicationId" value={application.id} />
                  <label htmlFor={`answer-${application.id}`} className="text-sm font-medium">
                    Sentence for the applicant, if you decline
                  </label>
                  <textarea
                    id={`answer-${application.id}`}
                    name="answer"
                    rows={2}
                    maxLength={500}
                    defaultValue={typed}
                    aria-invalid={lacksAnswer ? true : undefined}
                    aria-describedby={lacksAnswer ? outcomeId : undefined}
                    className="w-full rounded-lg border border-control bg-ground px-3 py-1.5 aria-invalid:border-danger"
                  />
                  <div>
                    <Button
                      type="submit"
                      look="danger"
                      disabled={isPending}
                      aria-describedby={`company-${application.id}`}
                    >
                      Decline
                    </Button>
                  </div>
                </form>
              </div>
            </Card>
          )
        })}
      </div>
    </>
  )
}
