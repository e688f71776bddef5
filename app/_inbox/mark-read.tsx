'use client'

import { useActionState } from 'react'
import { Button } from '#components/ui/button.tsx'
import type { Side } from '#lib/auth/actor.ts'
import { type MarkedRead, markNoticesRead } from '../_actions/notifications.ts'

type Props = { side: Side; upTo: string; hasUnread: boolean }

/** A form, so that it works without JavaScript. The button stays, so that the focus does. */
export function MarkRead({ side, upTo, hasUnread }: Props) {
  const [result, mark, isPending] = useActionState(markNoticesRead, null)
  return (
    <form action={mark} className="flex flex-wrap items-center justify-end gap-x-3 gap-y-2">
      <p role="status" className="text-sm text-soft">
        {result && outcomeText(result)}
      </p>
      <input type="hidden" name="side" value={side} />
      <input type="hidden" name="upTo" value={upTo} />
      <Button type="submit" disabled={isPending} aria-disabled={!hasUnread}>
        Mark all as read
      </Button>
    </form>
  )
}

function outcomeText(result: MarkedRead): string {
  if (result.ok) return result.value.marked === 0 ? 'Everything was read already.' : 'Marked as read.'
  return result.refusal === 'signed-out'
    ? 'You were signed out. Sign in again.'
    : 'That did not work. Load the page again.'
}
