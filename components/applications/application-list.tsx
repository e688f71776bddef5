'use client'

import { useActionState, useEffect, useRef } from 'react'
import type { ListedApplication } from '#lib/applications/list.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Notice } from '../ui/notice.tsx'
import { ApplicationFacts } from './application-facts.tsx'
import type { DecideAction, DecideState } from './decide-state.ts'

type Props = { applications: ListedApplication[]; approve: DecideAction; decline: DecideAction }

/** Applications that wait: each is approved, or declined with a sentence for the applicant. */
export function ApplicationList({ applications, approve, decline }: Props) {
  const [approval, sendApproval, isApproving] = useActionState(approve, { kind: 'idle' })
  const [refusal, sendRefusal, isDeclining] = useActionState(decline, { kind: 'idle' })
  const isPending = isApproving || isDeclining
  return (
    <>
      <Outcome state={approval} />
      <Outcome state={refusal} />
      <div className="grid gap-5">
        {applications.map((application) => {
          const typed =
            refusal.kind === 'refused' && refusal.applicationId === application.id ? refusal.typed : ''
          return (
            <Card key={application.id} aria-labelledby={`company-${application.id}`} className="p-5">
              <ApplicationFacts application={application} />
              <div className="mt-4 grid gap-4 border-t border-line pt-4">
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
                    className="w-full rounded-lg border border-control bg-ground px-3 py-1.5"
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

/** Takes the focus, and is read out: the application has gone from the list. */
function Outcome({ state }: { state: DecideState }) {
  const notice = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (state.kind !== 'idle') notice.current?.focus()
  }, [state])
  switch (state.kind) {
    case 'idle':
      return null
    case 'approved':
      return (
        <Notice kind="ok" role="status" ref={notice} tabIndex={-1} className="mb-5">
          <p className="wrap-anywhere">
            <bdi>{state.approved.company}</bdi> is approved: its Partner ID is {state.approved.partnerId}. An
            invitation goes to {state.approved.email}.
          </p>
        </Notice>
      )
    case 'declined':
      return (
        <Notice kind="ok" role="status" ref={notice} tabIndex={-1} className="mb-5">
          <p className="wrap-anywhere">
            <bdi>{state.declined.company}</bdi> is declined. Your sentence goes to {state.declined.email}.
          </p>
        </Notice>
      )
    case 'refused':
      return (
        <Notice kind="danger" role="alert" ref={notice} tabIndex={-1} className="mb-5">
          <RefusalText refusal={state.refusal} />
        </Notice>
      )
  }
}

function RefusalText({ refusal }: { refusal: Extract<DecideState, { kind: 'refused' }>['refusal'] }) {
  switch (refusal) {
    case 'decided':
      return <p>Somebody decided on this application before you; see Decided. Nothing was done again.</p>
    case 'not-found':
      return <p>There is no such application here. Nothing was done.</p>
    case 'no-answer':
      return <p>Write the applicant why, in 500 characters at most: it is mailed as you write it.</p>
    case 'signed-out':
      return (
        <p>
          You are signed out; nothing was done.{' '}
          <a href="/sign-in" target="_blank" rel="noreferrer" className="underline">
            Sign in in a new tab
          </a>
          , then decide here again.
        </p>
      )
    case 'unavailable':
      return <p>The database did not answer. Load the page again to see whether it was done.</p>
  }
}
