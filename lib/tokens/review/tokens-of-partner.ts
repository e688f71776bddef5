import { countTokensOfPair, listTokensOfPair } from '#db/queries/tokens/tokens-of-pair.ts'
import type { MerchantActor } from '../../access/actors.ts'
import type { Database } from '../../process/database.ts'
import { describeToken, type Token } from '../model/token.ts'

export const maxTokensDrawn = 20
/** Nobody counts further. */
export const maxTokensCounted = 1_000

/** `older`: how many there are besides; counted until {@link maxTokensCounted} are there in all. */
export type TokensOfPartner = { tokens: Token[]; older: number }

/**
 * What a store ever gave to a partner, the newest first, {@link maxTokensDrawn} at most, live or ended; none where the
 * partner has nothing of this store.
 */
export async function tokensOfPartner(
  actor: MerchantActor,
  partnerId: string,
  { db }: { db: Database },
): Promise<TokensOfPartner> {
  const pair = { storeId: actor.storeId, partnerId }
  const [rows, count] = await Promise.all([
    listTokensOfPair(db, actor, pair, maxTokensDrawn),
    countTokensOfPair(db, actor, pair, maxTokensCounted),
  ])
  return { tokens: rows.map(describeToken), older: Math.max(count - rows.length, 0) }
}
