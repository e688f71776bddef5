import type { Queryable } from '#db/client.ts'
import { countLiveSiblings, findLiveSiblings } from '#db/queries/tokens/token-siblings.ts'
import type { Party } from '../../access/party.ts'
import { maxCounted } from '../limits.ts'
import { describeToken, type Token } from '../model/token.ts'

/** More than these are not revoked in one transaction. */
export const defaultMaxSiblings = 10_000

export type SiblingCount = number | 'more-than-100'

/** Other live tokens of the stores and partners of the tokens `tokenIds`: the first `maxShown`, and how many there are. */
export async function readSiblings(
  db: Queryable,
  scope: Party,
  tokenIds: string[],
  maxShown: number,
): Promise<{ shown: Token[]; count: SiblingCount }> {
  const found = await findLiveSiblings(db, scope, tokenIds, maxShown + 1)
  const shown = found.slice(0, maxShown).map(describeToken)
  if (found.length <= maxShown) return { shown, count: found.length }
  const count = await countLiveSiblings(db, scope, tokenIds, maxCounted + 1)
  return { shown, count: count > maxCounted ? 'more-than-100' : count }
}
