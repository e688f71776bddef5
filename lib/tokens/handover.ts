import type { Queryable } from '#db/client.ts'
import { insertHandovers } from '#db/queries/handovers.ts'
import { encrypt } from '../encryption/encryption.ts'
import type { Keyring } from '../encryption/keyring.ts'
import { isLive, type TokenFacts } from './status.ts'

/**
 * `waiting`: can be collected. `too-late`: nobody did in time, only a renewal helps. `none`: the text was never kept here,
 * or the token has ended.
 */
export type HandoverStatus = 'waiting' | 'collected' | 'too-late' | 'none'

const dayMs = 86_400_000
/** How long a new token waits to be collected; then only a renewal helps. */
export const collectWithinDays = 14

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

/** @param now the database's. */
export function handoverStatusOf(
  token: Pick<TokenFacts, 'expiresAt' | 'revokedAt'> & {
    handover: { isKept: boolean; collectUntil: Date | null; collectedAt: Date | null } | null
  },
  now: Date,
): HandoverStatus {
  const { handover } = token
  if (handover?.collectedAt) return 'collected'
  if (!handover?.collectUntil || !isLive(token, now)) return 'none'
  return handover.isKept && handover.collectUntil > now ? 'waiting' : 'too-late'
}
