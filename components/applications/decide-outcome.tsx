import type { DecideRefusal } from '#lib/applications/decide.ts'
import type { InviteAgainRefusal } from '#lib/applications/invite-again.ts'
import { maxLengths } from '#lib/applications/limits.ts'
import { FormProblem } from '../ui/form-problem.tsx'
import type { DoneOf } from '../ui/form-state.ts'
import { Notice } from '../ui/notice.tsx'
import type { OwnTexts } from '../ui/refusal-text.tsx'
import type { SentForm } from '../ui/use-form.ts'
import type { DecideState } from './application-actions.ts'

type Props = { form: SentForm<DecideState>; id?: string; className?: string }

const attempt = {
  undone: 'Nothing was done',
  again: 'try again',
  tooMany: 'This applicant was invited several times within an hour',
}

const ownTexts: OwnTexts<DecideRefusal | InviteAgainRefusal> = {
  decided: 'Somebody decided on this application before you; see Decided. Nothing was done again.',
  'not-found': 'There is no such application here. Nothing was done.',
  'not-approved': 'This application is not approved: nobody is invited. Nothing was done.',
  joined:
    'Somebody has accepted the invitation meanwhile; the partner’s owners invite everybody else. Nothing was mailed.',
}

/** What came of it: takes the focus, and is read out. */
export function DecideOutcome({ form, ...notice }: Props) {
  const { state, outcome } = form
  if (state.kind !== 'done') {
    return (
      <FormProblem
        form={form}
        attempt={attempt}
        own={ownTexts}
        invalid={({ answer }) =>
          answer &&
          `Write the applicant why, in ${maxLengths.answer} characters at most: it is mailed as you write it.`
        }
        {...notice}
      />
    )
  }
  return (
    <Notice kind="ok" role="status" ref={outcome} tabIndex={-1} {...notice}>
      <p className="wrap-anywhere">
        <bdi>{state.value.company}</bdi> <WhatWasDone done={state.value} />
      </p>
    </Notice>
  )
}

function WhatWasDone({ done }: { done: DoneOf<DecideState> }) {
  switch (done.decision) {
    case 'approved':
      return `is approved: its Partner ID is ${done.partnerId}. An invitation goes to ${done.email}.`
    case 'declined':
      return `is declined. Your sentence goes to ${done.email}.`
    case 'invited':
      return `is invited again: a new invitation goes to ${done.email}. The one before does not work any more.`
  }
}
