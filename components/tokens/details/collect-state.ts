import type { CollectRefusal } from '#lib/tokens/collect.ts'

export type CollectState =
  | { kind: 'idle' }
  /** The only time that the text leaves the server. `testCall`: a line for a shell that calls a store's API with it. */
  | { kind: 'shown'; text: string; testCall: string }
  | { kind: 'refused'; refusal: CollectRefusal | 'signed-out' | 'unavailable' | 'busy' | 'invalid' }

/** The server action of either side, bound to its store or partner. */
export type CollectAction = (state: CollectState, form: FormData) => Promise<CollectState>
