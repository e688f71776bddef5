'use client'

import { useActionState, useEffect, useRef } from 'react'
import { busyText } from '#components/ui/busy-text.ts'
import { Button } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { Time } from '#components/ui/time.tsx'
import type { OwnSession } from '#lib/auth/sessions/list-sessions.ts'
import { type EndedSessions, endSessions } from '../_actions/sessions.ts'

type Props = { sessions: (OwnSession & { device: string })[] }

/** The person's sessions, each with its button; a form, so that it works without JavaScript. */
export function SessionList({ sessions }: Props) {
  const [result, end, isPending] = useActionState(endSessions, null)
  const outcome = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // The button that was pressed is gone with its row.
    if (result) outcome.current?.focus()
  }, [result])

  return (
    <form action={end} className="mt-4 grid gap-4">
      {result && (
        <Notice kind={result.ok ? 'ok' : 'danger'} role="status" tabIndex={-1} ref={outcome}>
          {outcomeText(result)}
        </Notice>
      )}
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
                disabled={isPending}
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
          <Button type="submit" name="end" value="others" look="danger" disabled={isPending}>
            End all other sessions
          </Button>
        </div>
      )}
    </form>
  )
}

function outcomeText(result: EndedSessions): string {
  if (result.ok) {
    const { ended } = result.value
    if (ended === 0) return 'There was no other session left to end.'
    return ended === 1 ? 'The session has been ended.' : `${ended} sessions have been ended.`
  }
  if (typeof result.refusal === 'object') return 'That is not a session that could be ended.'
  switch (result.refusal) {
    case 'signed-out':
      return 'You were signed out. Sign in again to end sessions.'
    case 'not-found':
      return 'That session had already ended.'
    case 'busy':
      return busyText({ undone: 'No session was ended', next: 'try again' })
    case 'unavailable':
      return 'Our database did not answer. Load the page again to see whether it was done.'
  }
}
