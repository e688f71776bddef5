import type { ConfirmRefusal } from '#lib/plans/confirm.ts'
import type { CancelPlanRefusal, StopPlanRefusal } from '#lib/plans/end.ts'
import type { RevocationReason } from '#lib/tokens/model/schemas.ts'
import type { SentUntil } from '../tokens/token-actions.ts'
import type { FormAction, FormState } from '../ui/form-state.ts'

/** All lead to the page of the plan where they are done. */
export type ChangePlanState = FormState<never, CancelPlanRefusal | StopPlanRefusal>
export type ConfirmPlanState = FormState<never, ConfirmRefusal, SentPlan>

export type SentPlan = {
  reason: RevocationReason | undefined
  pause: SentUntil
  note: string
  when: 'now' | 'later'
  runAt: string
  until: string
  retire: 'never' | 'adopted' | 'on-date'
  retireOn: string
}

/** Bound to a store or partner. */
export type PlanActions = {
  freeze: (form: FormData) => Promise<void>
  confirm: FormAction<ConfirmPlanState>
  change: FormAction<ChangePlanState>
}
