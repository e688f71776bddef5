'use client'

import type { ReactNode } from 'react'
import type { Side } from '#lib/access/actor.ts'
import { type FormAction, isFailed } from '../ui/form-state.ts'
import { useForm } from '../ui/use-form.ts'
import type { OpenNoticeState } from './notice-actions.ts'
import { noticeLink } from './notice-link.ts'

type Props = { side: Side; noticeId: string; action: FormAction<OpenNoticeState>; children: ReactNode }

/** Reading changes something, so that it is a form, and works without JavaScript; it looks as the links beside it do. */
export function OpenNotice({ side, noticeId, action, children }: Props) {
  const { state, submit } = useForm(action)
  return (
    <form action={submit} method="post" className="min-w-0">
      <input type="hidden" name="side" value={side} />
      <input type="hidden" name="notice" value={noticeId} />
      <button type="submit" className={noticeLink}>
        {children}
      </button>
      {isFailed(state) && (
        <p role="alert" className="text-sm text-danger">
          {state.kind === 'refused' && state.refusal === 'gone'
            ? 'This notice is not there any more.'
            : 'That did not work. Try once more.'}
        </p>
      )}
    </form>
  )
}
