'use client'

import type { Side } from '#lib/access/actor.ts'
import { Button } from '../ui/button.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import type { FormAction } from '../ui/form-state.ts'
import { Notice } from '../ui/notice.tsx'
import { useForm } from '../ui/use-form.ts'
import type { MarkReadState } from './notice-actions.ts'

type Props = { action: FormAction<MarkReadState>; side: Side; upTo: string; hasUnread: boolean }

const attempt = { undone: 'Nothing was marked', again: 'try again', safe: 'nothing is marked twice' }

/** A form, so that it works without JavaScript. */
export function MarkRead({ action, side, upTo, hasUnread }: Props) {
  const form = useForm(action)
  const { state, submit, pending, outcome } = form
  if (state.kind === 'idle' && !hasUnread) return null
  return (
    <form action={submit} method="post" className="mb-4 grid gap-4">
      {state.kind === 'done' && (
        <Notice kind="ok" role="status" tabIndex={-1} ref={outcome}>
          {state.value.marked === 0 ? 'Everything was read already.' : 'Marked as read.'}
        </Notice>
      )}
      <FormProblem form={form} attempt={attempt} own={{}} />
      <input type="hidden" name="side" value={side} />
      <input type="hidden" name="upTo" value={upTo} />
      {hasUnread && (
        <div>
          <Button type="submit" disabled={pending}>
            Mark all as read
          </Button>
        </div>
      )}
    </form>
  )
}
