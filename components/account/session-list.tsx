'use client'

import type { OwnSession } from '#lib/auth/sessions/list-sessions.ts'
import { Button } from '../ui/button.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import type { DoneOf, FormAction } from '../ui/form-state.ts'
import { Notice } from '../ui/notice.tsx'
import { Tag } from '../ui/tag.tsx'
import { Time } from '../ui/time.tsx'
import { useForm } from '../ui/use-form.ts'
import type { EndSessionsState } from './account-actions.ts'

type Props = { action: FormAction<EndSessionsState>; sessions: (OwnSession & { device: string })[] }

const attempt = { undone: 'No session was ended', again: 'try again' }

const ownTexts = { 'not-found': 'That session had already ended.' }

/** The person's sessions, each with its button; a form, so that it works without JavaScript. */
export function SessionList({ action, sessions }: Props) {
  const form = useForm(action)
  const { state, submit, pending, outcome } = form

  return (
    <form action={submit} method="post" className="mt-4 grid gap-4">
      {state.kind === 'done' && (
        <Notice kind="ok" role="status" tabIndex={-1} ref={outcome}>
          {doneText(state.value)}
        </Notice>
      )}
      <FormProblem form={form} attempt={attempt} own={ownTexts} />
      <ul className="divide-y divide-line border-y border-line">
        {sessions.map((session) => (
          <li key={session.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
            <div className="min-w-0 flex-1 basis-60">
              <p className="flex flex-wrap items-center gap-x-2 font-medium wrap-anywhere">
                {session.device}
                {session.isThisOne && <Tag look="accent">This device</Tag>}
              </p>
              <p className="text-[13px] text-soft">
                {session.address ?? 'Unknown address'} · since{' '}
                <Time at={session.createdAt} show="date-and-time" /> · last seen{' '}
                <Time at={session.lastSeenAt} show="date-and-time" />
              </p>
            </div>
            {!session.isThisOne && (
              <Button
                type="submit"
                name="end"
                value={session.id}
                disabled={pending}
                aria-label={`End ${session.device}, ${session.address ?? 'unknown address'}`}
              >
                End
              </Button>
            )}
          </li>
        ))}
      </ul>
      {sessions.length > 1 && (
        <div>
          <Button type="submit" name="end" value="others" look="danger" disabled={pending}>
            End all other sessions
          </Button>
        </div>
      )}
    </form>
  )
}

function doneText({ ended }: DoneOf<EndSessionsState>): string {
  if (ended === 0) return 'There was no other session left to end.'
  return ended === 1 ? 'The session has been ended.' : `${ended} sessions have been ended.`
}
