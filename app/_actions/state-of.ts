import type { FormState, Unanswered } from '#components/ui/form-state.ts'
import { type Result, refuse } from '#lib/result.ts'
import type { Invalid } from './guard/read-input.ts'

/** What a form shows of an action's result. @param sent what the form shows again where it was refused. */
export function stateOf<T, R>(result: Result<T, R | Invalid>): FormState<T, Exclude<R, Unanswered>>
export function stateOf<T, R, Sent>(
  result: Result<T, R | Invalid>,
  sent: Sent,
): FormState<T, Exclude<R, Unanswered>, Sent>
export function stateOf<T, R>(
  result: Result<T, R | Invalid>,
  sent: unknown = null,
): FormState<T, R, unknown> {
  if (result.ok) return { kind: 'done', value: result.value }
  const { refusal } = result
  return isInvalid(refusal)
    ? { kind: 'invalid', errors: refusal.fields, sent }
    : { kind: 'refused', refusal, sent }
}

function isInvalid<R>(refusal: R | Invalid): refusal is Invalid {
  return typeof refusal === 'object' && refusal !== null && 'fields' in refusal
}

/** Refusals that are about one field are said there. @param texts what is said of each of them. */
export function saidAt<T, R, About extends string>(
  field: string,
  texts: Record<About, string>,
  result: Result<T, R | About>,
): Result<T, Exclude<R, About> | Invalid> {
  if (result.ok) return result
  const { refusal } = result
  return isAbout(texts, refusal)
    ? refuse({ kind: 'invalid', fields: { [field]: texts[refusal] } })
    : refuse(refusal as Exclude<R, About>)
}

function isAbout<R, About extends string>(
  texts: Record<About, string>,
  refusal: R | About,
): refusal is About {
  return typeof refusal === 'string' && Object.hasOwn(texts, refusal)
}
