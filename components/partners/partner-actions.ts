import type { AddRefusal } from '#lib/partners/add-partner.ts'
import type { ChangeRefusal } from '#lib/partners/change-apis.ts'
import type { RemovalOutcome, RemovalRefusal } from '#lib/partners/remove-partner.ts'
import type { RefusalProof } from '#lib/proofs/ask.ts'
import type { IssueRefusal } from '#lib/tokens/issue.ts'
import type { Api } from '#lib/tokens/model/policy.ts'
import type { FormState } from '../ui/form-state.ts'

/** Once it is looked up the action leads to the page that says what came of it. */
export type LookUpState = FormState<never, 'token' | 'not-allowed', { typed: string }>
/** Once the partner is added the action leads to its token. */
export type AddState = FormState<never, AddRefusal>
/** Once the token is issued the action leads to it. `until`: the day that was sent. */
export type IssueState = FormState<never, IssueRefusal, { until: string }>
export type ChangeState = FormState<{ apis: Api[] }, ChangeRefusal>
/** `proof`: null where no token was revoked, or nobody could be asked. */
export type RemoveState = FormState<{ outcome: RemovalOutcome; proof: RefusalProof | null }, RemovalRefusal>
