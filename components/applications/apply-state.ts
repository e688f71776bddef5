/** What was typed, so that nothing of it is lost when the server refuses. */
export type TypedApplication = Record<
  'company' | 'address' | 'contact' | 'email' | 'phone' | 'description',
  string
>

/** Where it was taken the action leads on instead. */
export type ApplyState =
  | { kind: 'idle' }
  | { kind: 'invalid'; errors: Partial<TypedApplication>; typed: TypedApplication }
  | { kind: 'refused'; refusal: 'unavailable' | 'busy'; typed: TypedApplication }
  | { kind: 'refused'; refusal: 'too-often'; wait: string; typed: TypedApplication }

export type ApplyAction = (state: ApplyState, form: FormData) => Promise<ApplyState>
