import type { AddRefusal } from '#lib/partners/add-partner.ts'

/** Where the partner was added the action leads to its token instead. */
export type AddState =
  | { kind: 'idle' }
  | { kind: 'refused'; refusal: AddRefusal | 'signed-out' | 'not-found' | 'unavailable' | 'busy' | 'invalid' }

export type AddAction = (state: AddState, form: FormData) => Promise<AddState>
