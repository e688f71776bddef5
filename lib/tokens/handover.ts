import type { Queryable } from '#db/client.ts'
import { insertHandover } from '#db/queries/handovers.ts'
import { encrypt } from '../encryption.ts'
import type { Keyring } from '../keyring.ts'

const dayMs = 86_400_000
/** How long a new token waits to be collected; then only a renewal helps. */
export const collectWithinDays = 14

/** Keeps the text of a new token, encrypted, until one side collects it; in the transaction that makes the token. */
export async function keepForCollection(
  tx: Queryable,
  { tokenId, text, now }: { tokenId: string; text: string; now: Date },
  keys: Keyring,
): Promise<void> {
  await insertHandover(tx, {
    tokenId,
    encryptedText: encrypt(keys, text, tokenId),
    collectUntil: new Date(now.getTime() + collectWithinDays * dayMs),
  })
}
