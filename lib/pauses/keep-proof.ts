import { commitWithoutStandby } from '#db/queries/database/standby.ts'
import { keepPauseProof, type WrittenPause } from '#db/queries/tokens/pauses.ts'
import type { Side } from '../access/actor.ts'
import type { Database } from '../process/database.ts'
import type { RefusalProof } from '../proofs/ask.ts'
import { countsOf } from '../proofs/keep.ts'

/** Keeps a proof with each of the pauses that it is about; one that has one keeps the first. */
export async function keepProofOfPauses(
  { side, pauses, proof }: { side: Side; pauses: WrittenPause[]; proof: RefusalProof },
  { db }: { db: Database },
): Promise<void> {
  await db.transaction(async (tx) => {
    await commitWithoutStandby(tx)
    await keepPauseProof(tx, side, {
      pauses,
      proof: { provedAt: new Date().toISOString(), ...countsOf(proof) },
    })
  })
}
