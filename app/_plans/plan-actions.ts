import type { PlanActions } from '#components/plans/plan-actions.ts'
import type { Party } from '#lib/access/party.ts'
import { changePlanOf, confirmPlanOf, freezeTokensOf } from '../_actions/plans.ts'
import { boundParty } from '../bound-party.ts'

/** What pages may do with the plans of a store or partner: the actions prove the membership again. */
export function planActionsOf(actor: Party): PlanActions {
  const party = boundParty(actor)
  return {
    freeze: freezeTokensOf.bind(null, party),
    confirm: confirmPlanOf.bind(null, party),
    change: changePlanOf.bind(null, party),
  }
}
