'use client'

import { useActionState, useEffect, useRef } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import type { Side } from '#lib/access/actor.ts'
import { type MarkedRead, markNoticesRead } from '../_actions/notifications.ts'

type Props = { side: Side; upTo: string; hasUnread: boolean }

/** A form, so that it works without JavaScript. */
export function MarkRead({ side, upTo, hasUnread }: Props) {
  const [result, mark, isPending] = useActionState(markNoticesRead, null)
  const outcome = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // The button that was pressed is gone where nothing is left to be read.
    if (result) outcome.current?.focus()
  }, [result])
  if (!result && !hasUnread) return null
  return (
    <form action={mark} className="mb-4 grid gap-4">
      {result && (
        <Notice
          kind={result.ok ? 'ok' : 'danger'}
          role={result.ok ? 'status' : 'alert'}
          tabIndex={-1}
          ref={outcome}
        >
          {outcomeText(result)}
        </Notice>
      )}
      <input type="hidden" name="side" value={side} />
      <input type="hidden" name="upTo" value={upTo} />
      {hasUnread && (
        <div>
          <Button type="submit" disabled={isPending}>
            Mark all as read
          </Button>
        </div>
      )}
    </form>
  )
}

function outcomeText(result: MarkedRead): string {
  if (result.ok) return result.value.marked === 0 ? 'Everything was read already.' : 'Marked as read.'
  return result.refusal === 'signed-out'
    ? 'You were signed out. Sign in again.'
    : 'That did not work. Load the page again.'
}
