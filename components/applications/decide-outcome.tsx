import { useEffect, useRef } from 'react'
import { Busy } from '../ui/busy.tsx'
import { Notice } from '../ui/notice.tsx'
import { SignedOut } from '../ui/signed-out.tsx'
import type { DecideState } from './decide-state.ts'

/** What came of it: takes the focus, and is read out. */
export function DecideOutcome({
  state,
  id,
  className,
}: {
  state: DecideState
  id?: string
  className?: string
}) {
  const notice = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (state.kind !== 'idle') notice.current?.focus()
  }, [state])
  if (state.kind === 'idle') return null
  const isRefused = state.kind === 'refused'
  return (
    <Notice
      kind={isRefused ? 'danger' : 'ok'}
      role={isRefused ? 'alert' : 'status'}
      ref={notice}
      tabIndex={-1}
      id={id}
      className={className}
    >
      <OutcomeText state={state} />
    </Notice>
  )
}

function OutcomeText({ state }: { state: Exclude<DecideState, { kind: 'idle' }> }) {
  switch (state.kind) {
    case 'approved':
      return (
        <p className="wrap-anywhere">
          <bdi>{state.approved.company}</bdi> is approved: its Partner ID is {state.approved.partnerId}. An
          invitation goes to {state.approved.email}.
        </p>
      )
    case 'declined':
      return (
        <p className="wrap-anywhere">
          <bdi>{state.declined.company}</bdi> is declined. Your sentence goes to {state.declined.email}.
        </p>
      )
    case 'invited':
      return (
        <p className="wrap-anywhere">
          <bdi>{state.invited.company}</bdi> is invited again: a new invitation goes to {state.invited.email}.
          The one before does not work any more.
        </p>
      )
    case 'refused':
      return <RefusalText refusal={state.refusal} />
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
    case 'not-approved':
      return <p>This application is not approved: nobody is invited. Nothing was done.</p>
    case 'joined':
      return (
        <p>
          Somebody has accepted the invitation meanwhile; the partner’s owners invite everybody else. Nothing
          was mailed.
        </p>
      )
    case 'too-often':
      return (
        <p>This applicant was invited several times within an hour. Wait an hour at most, then try again.</p>
      )
    case 'signed-out':
      return <SignedOut undone="nothing was done" then="try here again" />
    case 'busy':
      return <Busy undone="Nothing was done" next="try again" />
    case 'unavailable':
      return <p>The database did not answer. Load the page again to see whether it was done.</p>
  }
}
