import type { CutOffOutcome, CutOffRefusal } from '#lib/cut-offs/cut-off.ts'
import type { CutOffReason } from '#lib/cut-offs/schemas.ts'
import type { RefusalProof } from '#lib/proofs/ask.ts'
import type { FormAction, FormState } from '../ui/form-state.ts'

/** `proof`: what the gateways said about a sample of its tokens; null where there was none, or nobody could be asked. */
export type CutOffDone = { outcome: CutOffOutcome; proof: RefusalProof | null }

export type SentCutOff = { name: string; reason: CutOffReason | undefined; note: string }

/** That another name was typed is said at the field `name`. */
export type CutOffState = FormState<CutOffDone, Exclude<CutOffRefusal, 'name-differs'>, SentCutOff>

/** Bound to a store or partner; or, of operators, to nothing. */
export type CutOffAction = FormAction<CutOffState>
