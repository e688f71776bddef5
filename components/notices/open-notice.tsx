'use client'

import { type ReactNode, useActionState } from 'react'
import type { Side } from '#lib/access/actor.ts'

/** Leads to what the notice is about; what comes back is why it did not. */
export type OpenNoticeAction = (previous: OpenProblem, form: FormData) => Promise<OpenProblem>
export type OpenProblem = null | 'gone' | 'failed'

type Props = { side: Side; noticeId: string; action: OpenNoticeAction; children: ReactNode }

/** Reading changes something, so that it is a form, and works without JavaScript; it looks as the links beside it do. */
export function OpenNotice({ side, noticeId, action, children }: Props) {
  const [problem, open] = useActionState(action, null)
  return (
    <form action={open} method="post" className="min-w-0">
      <input type="hidden" name="side" value={side} />
      <input type="hidden" name="notice" value={noticeId} />
      <button
        type="submit"
        className="cursor-pointer py-0.5 text-left font-semibold text-accent underline underline-offset-4 wrap-anywhere"
      >
        {children}
      </button>
      {problem && (
        <p role="alert" className="text-sm text-danger">
          {problem === 'gone' ? 'This notice is not there any more.' : 'That did not work. Try once more.'}
        </p>
      )}
    </form>
  )
}
