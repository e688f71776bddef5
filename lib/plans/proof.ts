import { keepPlanProof } from '#db/queries/plans/bulk-plan-books.ts'
import type { PlanProof } from '#db/schema/bulk-plans.ts'
import type { Database } from '../process/database.ts'
import type { RefusalProof } from '../proofs/ask.ts'
import { countsOf } from '../proofs/keep.ts'

export type { PlanProof }

/** In numbers, as it stays with the plan. */
export const planProofOf = (proof: RefusalProof): PlanProof => ({
  tokens: proof.tokenCount,
  ...countsOf(proof),
})

/** What the API servers said stays with the plan. */
export async function keepProofOfPlan(
  { planId, proof }: { planId: string; proof: RefusalProof },
  { db }: { db: Database },
): Promise<void> {
  await keepPlanProof(db, planId, planProofOf(proof))
}
