import type { RefusalProof } from '#lib/proofs/ask.ts'
import type { RevocationReason } from '#lib/tokens/model/schemas.ts'
import type { RevocationOutcome, RevocationRefusal } from '#lib/tokens/revoke.ts'

/** What was typed into the form, so that nothing of it is lost when the server refuses. */
export type TypedRevocation = {
  reason: RevocationReason | undefined
  note: string
  extent: 'chosen' | 'with-siblings'
}

export type RevokeState =
  | { kind: 'idle' }
  | { kind: 'invalid'; errors: { tokenIds?: string; reason?: string; note?: string }; typed: TypedRevocation }
  | {
      kind: 'refused'
      refusal: RevocationRefusal | 'signed-out' | 'unavailable' | 'busy'
      typed: TypedRevocation
    }
  /**
   * `choice`: the ids that were sent, as the address had them. `proof`: what the doors said when they were asked
   * about the revoked tokens; null where none was revoked, or nobody could be asked.
   */
  | { kind: 'done'; choice: string; outcome: RevocationOutcome; proof: RefusalProof | null }

/** The server action of either side, bound to its store or partner. */
export type RevokeAction = (state: RevokeState, form: FormData) => Promise<RevokeState>
