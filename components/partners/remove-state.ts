import type { RemovalOutcome, RemovalRefusal } from '#lib/partners/remove-partner.ts'
import type { RefusalProof } from '#lib/proofs/ask.ts'

export type RemoveState =
  | { kind: 'idle' }
  | { kind: 'refused'; refusal: RemovalRefusal | 'signed-out' | 'unavailable' | 'busy' | 'invalid' }
  /** `proof`: null where no token was revoked, or nobody could be asked. */
  | { kind: 'done'; outcome: RemovalOutcome; proof: RefusalProof | null }

export type RemoveAction = (state: RemoveState, form: FormData) => Promise<RemoveState>
