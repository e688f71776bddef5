import { type EvidencePlace, type EvidenceRow, readEvidence } from '#db/queries/tokens/evidence.ts'
import type { Actor } from '../access/actor.ts'
import type { Operator } from '../access/operators.ts'
import { type Batches, byKey } from '../downloads/batches.ts'
import type { CutOffEntry } from './list.ts'

/** One token that a cut-off ended: when it was last used, from which addresses, and what replaced it. */
export type Evidence = EvidenceRow

/**
 * Every token that a cut-off ended, in the order in which they were made: of a store or partner its own, for operators all. The
 * caller has read the cut-off as this reader.
 */
export function evidenceOf(reader: Actor | Operator, cutOff: CutOffEntry): Batches<Evidence> {
  const scope = 'operator' in reader ? 'everybody' : reader
  return byKey<Evidence & { place: EvidencePlace }, EvidencePlace>(
    (snapshot, page) => readEvidence(snapshot, scope, cutOff, page),
    ({ place }) => place,
  )
}
