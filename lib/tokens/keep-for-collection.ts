import type { Queryable } from '#db/client.ts'
import { insertHandovers } from '#db/queries/tokens/handovers.ts'
import { encrypt } from '../encryption/encryption.ts'
import type { Keyring } from '../process/keyring.ts'
import { dayMs } from '../time/units.ts'
import { collectWithinDays } from './model/handover.ts'

/** Keeps the texts of new tokens, encrypted, until one side collects them; in the transaction that makes the tokens. */
export async function keepForCollection(
  tx: Queryable,
  minted: { tokenId: string; text: string }[],
  { now, keys }: { now: Date; keys: Keyring },
): Promise<void> {
  const collectUntil = new Date(now.getTime() + collectWithinDays * dayMs)
  await insertHandovers(
    tx,
    minted.map(({ tokenId, text }) => ({
      tokenId,
      encryptedText: encrypt(keys, text, tokenId),
      collectUntil,
    })),
  )
}
