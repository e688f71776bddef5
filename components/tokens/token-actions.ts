import type { PauseOutcome, PauseRefusal } from '#lib/pauses/pause.ts'
import type { ResumeOutcome, ResumeRefusal } from '#lib/pauses/resume.ts'
import type { ChosenUntil, PauseEnd, PauseReason } from '#lib/pauses/schemas.ts'
import type { RefusalProof } from '#lib/proofs/ask.ts'
import type { CancelRefusal } from '#lib/tokens/cancel-retirement.ts'
import type { CollectRefusal } from '#lib/tokens/collect.ts'
import type { RetirementReason, RevocationReason } from '#lib/tokens/model/schemas.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import type { RenewalOutcome, RenewalsRefusal } from '#lib/tokens/renew.ts'
import type { RetireRefusal } from '#lib/tokens/retire.ts'
import type { RevocationOutcome, RevocationRefusal } from '#lib/tokens/revoke.ts'
import type { FormAction, FormState } from '../ui/form-state.ts'

/** `proof`: what the gateways said about the revoked tokens; null where none was revoked, or nobody could be asked. */
export type Revoked = { outcome: RevocationOutcome; proof: RefusalProof | null }

export type SentRevocation = {
  reason: RevocationReason | RetirementReason | undefined
  note: string
  extent: 'chosen' | 'with-siblings'
  siblingIds: string[]
}
/** `tokenIds`: those that were sent, in their order. */
export type RevokeState = FormState<
  Revoked & { tokenIds: string[] },
  RevocationRefusal | RetireRefusal,
  SentRevocation
>

export type SentRenewal = { until: string; retire: 'never' | 'adopted' | 'on-date'; retireOn: string }
/** `tokenIds`: those that were sent, in their order. */
export type RenewState = FormState<
  { outcome: RenewalOutcome; tokenIds: string[] },
  RenewalsRefusal,
  SentRenewal
>

/** How long, and what then: the same fields in every form that pauses. */
export type SentUntil = { until: ChosenUntil; untilAt: string; endsAs: PauseEnd }
export type SentPause = SentUntil & {
  reason: PauseReason | undefined
  note: string
}
/** `proof`: as of a revocation. `tokenIds`: those that were sent, in their order. */
export type PauseState = FormState<
  { outcome: PauseOutcome; proof: RefusalProof | null; tokenIds: string[] },
  PauseRefusal,
  SentPause
>
/** `tokenIds`: those that were sent, in their order. */
export type ResumeState = FormState<{ outcome: ResumeOutcome; tokenIds: string[] }, ResumeRefusal>

export type CancelState = FormState<Token, CancelRefusal>
/** The only time that the text leaves the server. `testCall`: a line for a shell that calls a store's API with it. */
export type CollectState = FormState<{ text: string; testCall: string }, CollectRefusal>

/** The server actions that change tokens, bound to a store or partner. */
export type TokenActions = {
  revoke: FormAction<RevokeState>
  renew: FormAction<RenewState>
  /** Revokes one token, which its successor has replaced. */
  retire: FormAction<RevokeState>
  pause: FormAction<PauseState>
  resume: FormAction<ResumeState>
  cancelRetirement: FormAction<CancelState>
  collect: FormAction<CollectState>
}
