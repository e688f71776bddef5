/** What every action may answer before its verb was asked. */
export type Unanswered = 'signed-out' | 'not-found' | 'unavailable' | 'busy'

/** What a form says itself where no answer came: whether the action was done is not known. */
export type NoAnswer = 'no-answer'

/**
 * What a form knows of its action: nothing before it was sent, then what came of it, or why nothing did. `sent` is what the form
 * shows again, so that nothing of it is lost. `errors` has a sentence for each field that is wrong, and at least one.
 */
export type FormState<Done, Refusal = never, Sent = null> =
  | { kind: 'idle' }
  | { kind: 'done'; value: Done }
  | { kind: 'refused'; refusal: Refusal | Unanswered; sent: Sent }
  | { kind: 'refused'; refusal: NoAnswer; sent: undefined }
  | { kind: 'invalid'; errors: Record<string, string>; sent: Sent }

/** A server action that a form sends itself to. */
export type FormAction<State> = (state: State, form: FormData) => Promise<State>

export type DoneOf<State> = Extract<State, { kind: 'done' }> extends { value: infer Done } ? Done : never

type Failed<Sent> = Extract<FormState<unknown, unknown, Sent>, { kind: 'refused' | 'invalid' }>

/** What the form shows again; undefined where nothing was refused. */
export function sentIn<Sent>(state: FormState<unknown, unknown, Sent>): Sent | undefined {
  return isFailed(state) ? state.sent : undefined
}

export function errorsIn(state: FormState<unknown, unknown, unknown>): Record<string, string> {
  return state.kind === 'invalid' ? state.errors : {}
}

export function isFailed<Sent>(state: FormState<unknown, unknown, Sent>): state is Failed<Sent> {
  return state.kind === 'refused' || state.kind === 'invalid'
}
