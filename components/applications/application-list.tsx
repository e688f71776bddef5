'use client'

import { maxLengths } from '#lib/applications/limits.ts'
import type { ListedApplication } from '#lib/applications/list.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { errorsIn, type FormAction, sentIn } from '../ui/form-state.ts'
import { Notice } from '../ui/notice.tsx'
import { type SentForm, useForm } from '../ui/use-form.ts'
import type { DecideState } from './application-actions.ts'
import { ApplicationFacts } from './application-facts.tsx'
import { DecideOutcome } from './decide-outcome.tsx'

type Props = {
  applications: ListedApplication[]
  approve: FormAction<DecideState>
  decline: FormAction<DecideState>
}

/** Applications that wait: each is approved, or declined with a sentence for the applicant. */
export function ApplicationList({ applications, approve, decline }: Props) {
  const [approving, declining] = [useForm(approve), useForm(decline)]
  const isPending = approving.pending || declining.pending
  const isRefusedOf = ({ state }: SentForm<DecideState>, id: string) => sentIn(state)?.applicationId === id
  // What is refused stands with its application, unless that has gone from the list.
  const refused = applications.find(({ id }) => isRefusedOf(approving, id) || isRefusedOf(declining, id))
  const isAbove = (form: SentForm<DecideState>) => !applications.some(({ id }) => isRefusedOf(form, id))
  return (
    <>
      {isAbove(approving) && <DecideOutcome form={approving} className="mb-5" />}
      {isAbove(declining) && <DecideOutcome form={declining} className="mb-5" />}
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
          const { state } = declining
          const isRefused = isRefusedOf(declining, application.id)
          const answer = isRefused ? (sentIn(state)?.answer ?? '') : ''
          const outcomeId = `outcome-${application.id}`
          const lacksAnswer = isRefused && errorsIn(state).answer !== undefined
          return (
            <Card key={application.id} aria-labelledby={`company-${application.id}`} className="p-5">
              <ApplicationFacts application={application} />
              <div className="mt-4 grid gap-4 border-t border-line pt-4">
                {isRefusedOf(approving, application.id) && <DecideOutcome form={approving} />}
                <form
                  action={approving.submit}
                  method="post"
                  className="flex flex-wrap items-center gap-x-4 gap-y-2"
                >
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
                {isRefused && <DecideOutcome form={declining} id={outcomeId} />}
                <form action={declining.submit} method="post" key={answer} className="grid gap-2">
                  <input type="hidden" name="applicationId" value={application.id} />
                  <label htmlFor={`answer-${application.id}`} className="text-sm font-medium">
                    Sentence for the applicant, if you decline
                  </label>
                  <textarea
                    id={`answer-${application.id}`}
                    name="answer"
                    rows={2}
                    maxLength={maxLengths.answer}
                    defaultValue={answer}
                    aria-invalid={lacksAnswer ? true : undefined}
                    aria-describedby={lacksAnswer ? outcomeId : undefined}
                    className="w-full rounded-lg border border-control bg-ground px-3 py-1.5 aria-invalid:border-danger"
                  />
                  <div>
                    <Button type="submit" disabled={isPending} aria-describedby={`company-${application.id}`}>
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
