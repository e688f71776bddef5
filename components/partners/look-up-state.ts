/** Where a Partner ID was looked up the action leads to the page that says what came of it. */
export type LookUpState =
  | { kind: 'idle' }
  | {
      kind: 'refused'
      refusal: 'token' | 'not-allowed' | 'signed-out' | 'not-found' | 'unavailable' | 'busy' | 'invalid'
      typed: string
    }

export type LookUpAction = (state: LookUpState, form: FormData) => Promise<LookUpState>
