'use client'

import type { Route } from 'next'
import { Button } from '../ui/button.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import type { FormAction } from '../ui/form-state.ts'
import { Link } from '../ui/link.tsx'
import { Notice } from '../ui/notice.tsx'
import type { OwnTexts } from '../ui/refusal-text.tsx'
import { useForm } from '../ui/use-form.ts'
import type { AnswerState } from './service-actions.ts'

type Props = {
  action: FormAction<AnswerState>
  /** What waits for an answer. */
  requests: { id: string; partnerName: string; children: React.ReactNode; mayDecline: boolean }[]
  /** Null: the reader may not answer. */
  tokens: Route | null
}

type Refusal = Extract<AnswerState, { kind: 'refused' }>['refusal']

const attempt = {
  what: 'Answering',
  undone: 'Nothing was issued',
  unknown: 'whether it was issued',
  again: 'click again',
  safe: 'no second token is issued',
  tooMany: {
    'too-often': 'You have issued and renewed too many times within an hour',
    'too-often-together': 'The members of this store have issued and renewed too many times within an hour',
  },
}

const ownTexts: OwnTexts<Refusal> = {
  'access-removed': 'The partner is in the access list no longer. Add it again: that issues a token.',
  'asked-no-longer': 'The partner asks no longer. Issue a token on its page under Partners with access.',
  'answered-already': 'Somebody has issued a token already. Revoke it, if it should not be there.',
  'package-without-apis': 'The store’s package has no APIs: no token can be issued.',
  'no-answer': null,
}

/** What partners ask for, each with its two buttons; then what came of the last click. One form each, which works without JavaScript. */
export function RequestForms({ action, requests, tokens }: Props) {
  const form = useForm(action)
  const { state, submit, pending } = form
  const done = state.kind === 'done' ? state.value : null
  return (
    <>
      {done && (
        <Notice kind="ok" role="status" tabIndex={-1} ref={form.outcome} className="mb-3">
          {done.tokenId ? (
            <p>
              A new token is issued. The partner can collect it, and so can you.{' '}
              {tokens && (
                <Link
                  href={`${tokens}/${done.tokenId}` as Route}
                  className="font-semibold underline underline-offset-4"
                >
                  See the token
                </Link>
              )}
            </p>
          ) : (
            <p>Declined. You can still issue a token later.</p>
          )}
        </Notice>
      )}
      <FormProblem form={form} attempt={attempt} own={ownTexts} className="mb-3" />
      <ul className="grid gap-3">
        {requests.map(({ id, partnerName, children, mayDecline }) => (
          <li key={id} className="flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
            <div className="min-w-0 flex-1 basis-72 wrap-anywhere">{children}</div>
            {tokens && (
              <form action={submit} method="post" className="flex flex-wrap gap-2">
                <input type="hidden" name="requestId" value={id} />
                <Button
                  type="submit"
                  look="primary"
                  name="answer"
                  value="issue"
                  disabled={pending}
                  aria-label={`Issue a new token to ${partnerName}`}
                  className="pointer-coarse:min-h-11"
                >
                  Issue
                </Button>
                {mayDecline && (
                  <Button
                    type="submit"
                    name="answer"
                    value="decline"
                    disabled={pending}
                    aria-label={`Decline the request of ${partnerName}`}
                    className="pointer-coarse:min-h-11"
                  >
                    Decline
                  </Button>
                )}
              </form>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}
