'use client'

import type { LeakAnswer } from '#lib/leaks/change-answer.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import type { FormAction } from '../ui/form-state.ts'
import { Notice } from '../ui/notice.tsx'
import { useForm } from '../ui/use-form.ts'
import type { LeakAnswerState } from './leak-actions.ts'

/** What becomes of a token of the store that somebody reports as leaked: owners decide it. */
export function LeakAnswerCard({
  action,
  answer,
  mayChange,
}: {
  action: FormAction<LeakAnswerState>
  answer: LeakAnswer
  mayChange: boolean
}) {
  const form = useForm(action)
  const isRevoked = answer === 'revoke'
  return (
    <Card className="grid max-w-3xl gap-3 p-5" aria-labelledby="leak-answer-title">
      <h2 id="leak-answer-title" className="font-semibold">
        When somebody else finds a token of the store
      </h2>
      <p className="text-sm">
        Anybody who has found a token can report it, without an account.{' '}
        <strong className="font-semibold">
          {isRevoked ? 'It is revoked at once.' : 'It is paused, and you are asked.'}
        </strong>{' '}
        {isRevoked
          ? 'You and the partner are notified.'
          : 'You and the partner are notified. You have a week to resume it; then it is revoked.'}
      </p>
      {form.state.kind === 'done' && (
        <Notice kind="ok" role="status" tabIndex={-1} ref={form.outcome}>
          Changed, for every report from now on.
        </Notice>
      )}
      <FormProblem
        form={form}
        attempt={{
          what: 'Changing this',
          undone: 'Nothing was changed',
          again: 'try again',
          safe: 'it is changed once',
        }}
        own={{ 'not-allowed': 'This takes an owner of the store. Nothing was changed.' }}
      />
      {mayChange ? (
        <form action={form.submit} method="post" className="grid justify-items-start gap-2">
          <input type="hidden" name="answer" value={isRevoked ? 'pause' : 'revoke'} />
          <Button type="submit" disabled={form.pending}>
            {isRevoked ? 'Pause it and ask us' : 'Revoke it at once'}
          </Button>
          <p className="text-[13px] text-soft">
            You are asked to confirm that it is you, unless you have done so within the last ten minutes.
          </p>
        </form>
      ) : (
        <p className="text-sm text-soft">Changing it takes an owner.</p>
      )}
    </Card>
  )
}
