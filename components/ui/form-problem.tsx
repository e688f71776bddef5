import type { ComponentProps, ReactNode } from 'react'
import type { FormState } from './form-state.ts'
import { Notice } from './notice.tsx'
import { type AnyRefusal, type Attempt, type OwnTexts, RefusalText } from './refusal-text.tsx'
import type { SentForm } from './use-form.ts'

type Props<Refusal> = {
  form: Pick<SentForm<FormState<unknown, Refusal, unknown>>, 'state' | 'outcome'>
  attempt: Attempt
  own: OwnTexts<Refusal>
  /** Fields that say themselves what is wrong with them, and refusals that stand at their fields. */
  at?: string[]
  /** What is said of fields that are wrong, where it is not the first sentence about one. */
  invalid?: (errors: Record<string, string>) => ReactNode
} & Pick<ComponentProps<'div'>, 'id' | 'className'>

/** Why a form was refused, read out and with the focus; nothing where it was not. */
export function FormProblem<Refusal extends AnyRefusal>({
  form: { state, outcome },
  attempt,
  own,
  at = [],
  invalid,
  ...notice
}: Props<Refusal>) {
  if (state.kind !== 'refused' && state.kind !== 'invalid') return null
  if (state.kind === 'refused' && typeof state.refusal === 'string' && at.includes(state.refusal)) return null
  if (state.kind === 'invalid' && Object.keys(state.errors).every((field) => at.includes(field))) return null
  return (
    <Notice kind="danger" role="alert" ref={outcome} tabIndex={-1} {...notice}>
      {state.kind === 'refused' ? (
        <RefusalText refusal={state.refusal} attempt={attempt} own={own} />
      ) : (
        <p>{invalid?.(state.errors) ?? Object.values(state.errors)[0]}</p>
      )}
    </Notice>
  )
}
