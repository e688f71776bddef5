import { commitWithoutStandby } from '#db/queries/database/standby.ts'
import { findKeptProof, insertKeptProofs } from '#db/queries/tokens/kept-proofs.ts'
import type { Party } from '../access/party.ts'
import type { Database } from '../process/database.ts'
import type { DetailedProof, RefusalProof } from './ask.ts'
import { keptHorizons } from './horizon.ts'

/** A proof in numbers, as it stays with the token. */
export type KeptProof = NonNullable<Awaited<ReturnType<typeof findKeptProof>>>

/**
 * How many gateways were asked, how many refused, how long it took until the slowest of them had, and the names of those whose answers
 * have no end.
 */
export function countsOf({
  gateways,
  silent,
  accepting,
  unlimited,
}: RefusalProof): Omit<KeptProof, 'provedAt' | 'mayAccept'> {
  return {
    gateways: gateways.length + silent.length + accepting.length,
    refused: gateways.length,
    accepting: accepting.length,
    refusedAfterMs: gateways.at(-1)?.afterMs ?? null,
    unlimited: unlimited.map(({ name }) => name),
  }
}

/** Keeps a proof with each of the tokens that it is about, for good; one that has one keeps the first. */
export async function keepProof(
  { tokenIds, proof }: { tokenIds: string[]; proof: DetailedProof },
  { db }: { db: Database },
): Promise<void> {
  await db.transaction(async (tx) => {
    await commitWithoutStandby(tx)
    await insertKeptProofs(tx, tokenIds, countsOf(proof), {
      of: Object.fromEntries([...proof.horizons.of].map(([id, horizons]) => [id, keptHorizons(horizons)])),
      others: keptHorizons(proof.horizons.others),
    })
  })
}

/** Of a token of the party; null where nothing was proven of its revocation, or it is not theirs. */
export function proofOfToken(party: Party, tokenId: string, { db }: { db: Database }) {
  return findKeptProof(db, party, tokenId)
}
