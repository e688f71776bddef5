import type { RefusalProof } from '#lib/proofs/ask.ts'
import type { CancelRefusal } from '#lib/tokens/cancel-retirement.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import type { RetireRefusal } from '#lib/tokens/retire.ts'
import type { RevocationOutcome } from '#lib/tokens/revoke.ts'

type Unanswered = 'signed-out' | 'unavailable' | 'busy' | 'invalid'

export type RetireState =
  | { kind: 'idle' }
  | { kind: 'refused'; refusal: RetireRefusal | Unanswered }
  /** `proof`: what the doors said; null where none was revoked, or nobody could be asked. */
  | { kind: 'done'; outcome: RevocationOutcome; proof: RefusalProof | null }

export type CancelState =
  | { kind: 'idle' }
  | { kind: 'refused'; refusal: CancelRefusal | Unanswered }
  | { kind: 'done'; token: Token }

/** The server actions of either side, bound to its store or partner. */
export type RetireAction = (state: RetireState, form: FormData) => Promise<RetireState>
export type CancelAction = (state: CancelState, form: FormData) => Promise<CancelState>
