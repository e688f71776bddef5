'use client'

import { type RefObject, useActionState, useEffect, useRef } from 'react'
import type { FormAction, FormState } from './form-state.ts'

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
  const [state, submit, pending] = useActionState(action, { kind: 'idle' })
  const outcome = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (state.kind !== 'idle') outcome.current?.focus()
  }, [state])
  return { state, submit, pending, outcome }
}
