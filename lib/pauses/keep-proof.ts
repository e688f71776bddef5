import { commitWithoutStandby } from '#db/queries/database/standby.ts'
import { keepPauseProof, listPauseProofs, type WrittenPause } from '#db/queries/tokens/pauses.ts'
import type { Side } from '../access/actor.ts'
import type { Party } from '../access/party.ts'
import type { Database } from '../process/database.ts'
import type { DetailedProof } from '../proofs/ask.ts'
import { keptHorizons } from '../proofs/horizon.ts'
import { countsOf, type KeptProof } from '../proofs/keep.ts'

/** Keeps a proof with each of the pauses that it is about; one that has one keeps the first. */
export async function keepProofOfPauses(
  { side, pauses, proof }: { side: Side; pauses: WrittenPause[]; proof: DetailedProof },
  { db }: { db: Database },
): Promise<void> {
  await db.transaction(async (tx) => {
    await commitWithoutStandby(tx)
    await keepPauseProof(tx, side, {
      pauses,
      proof: {
        provedAt: new Date().toISOString(),
        ...countsOf(proof),
        mayAccept: keptHorizons(proof.mayAccept),
      },
    })
  })
}

/** Whose pause of a token it is about, and when that was begun. */
export type KeptPauseProof = KeptProof & { side: Side; begunAt: Date }

/** Of all pauses of a token of the party, of which something was proven. */
export async function proofsOfPauses(
  party: Party,
  tokenId: string,
  { db }: { db: Database },
): Promise<KeptPauseProof[]> {
  return (await listPauseProofs(db, party, tokenId)).map(({ proof, ...of }) => ({
    ...of,
    ...proof,
    provedAt: new Date(proof.provedAt),
    mayAccept: proof.mayAccept ?? null,
    unlimited: proof.unlimited ?? null,
  }))
}
