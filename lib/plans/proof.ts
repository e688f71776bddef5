import { keepPlanProof } from '#db/queries/plans/bulk-plan-books.ts'
import type { PlanProof } from '#db/schema/bulk-plans.ts'
import type { Database } from '../process/database.ts'
import type { DetailedProof } from '../proofs/ask.ts'
import { keptHorizons } from '../proofs/horizon.ts'
import { countsOf } from '../proofs/keep.ts'
import { sampleSize } from './limits.ts'

export type { PlanProof }

/** In numbers, as it stays with the plan. */
export const planProofOf = (proof: DetailedProof): PlanProof => ({
  tokens: proof.tokenCount,
  ...countsOf(proof),
  // A sample says nothing of who asked about the others.
  mayAccept: keptHorizons(proof.tokenCount < sampleSize ? proof.mayAccept : proof.horizons.any),
})

/** What the API servers said stays with the plan. */
export async function keepProofOfPlan(
  { planId, proof }: { planId: string; proof: DetailedProof },
  { db }: { db: Database },
): Promise<void> {
  await keepPlanProof(db, planId, planProofOf(proof))
}
