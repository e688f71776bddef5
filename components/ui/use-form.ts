'use client'

import { unstable_isUnrecognizedActionError as isOfOlderBuild } from 'next/navigation'
import { type RefObject, useActionState, useEffect, useRef } from 'react'
import type { FormAction, FormState } from './form-state.ts'
import { typeAgain } from './typed-values.ts'

/** A form on its page: what its `action` attribute takes, and what came of it. */
export type SentForm<State> = {
  state: State
  submit: (form: FormData) => void
  pending: boolean
  /** Of what says what came of it: it takes the focus at each answer. */
  outcome: RefObject<HTMLDivElement | null>
}

export function useForm<Done, Refusal, Sent>(
  action: FormAction<FormState<Done, Refusal, Sent>>,
): SentForm<FormState<Done, Refusal, Sent>> {
  const [state, submit, pending] = useActionState(orNoAnswer(action), { kind: 'idle' })
  const outcome = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // React has emptied the form, and no server sent back what stood in it.
    if (state.kind === 'refused' && state.refusal === 'no-answer') typeAgain()
    if (state.kind !== 'idle') outcome.current?.focus()
  }, [state])
  return { state, submit, pending, outcome }
}

/** Where the network is lost the page stays, and says so: whether the action was done is not known. */
function orNoAnswer<Done, Refusal, Sent>(
  action: FormAction<FormState<Done, Refusal, Sent>>,
): FormAction<FormState<Done, Refusal, Sent>> {
  // What the server writes is the action itself: without JavaScript the form is sent to it.
  if (typeof window === 'undefined') return action
  return async (state, form) => {
    try {
      return await action(state, form)
    } catch (error) {
      if (isOfServer(error)) throw error
      return { kind: 'refused', refusal: 'no-answer', sent: undefined }
    }
  }
}

/** Next marks what a server answered, and where it leads to; all else never came through. */
export function isOfServer(error: unknown): boolean {
  return isOfOlderBuild(error) || (error instanceof Error && 'digest' in error)
}
