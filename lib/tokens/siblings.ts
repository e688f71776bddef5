import type { Queryable } from '#db/client.ts'
import { countLiveSiblings, findLiveSiblings } from '#db/queries/tokens.ts'
import type { TokenScope } from './scope.ts'
import { describeToken, type Token } from './token.ts'

const maxShown = 5
/** More than these are not revoked in one transaction, and not counted. */
export const maxSiblings = 10_000

/** Other live tokens of the stores and partners of the tokens `ids`: the first few, and how many there are. */
export async function readSiblings(
  db: Queryable,
  scope: TokenScope,
  ids: string[],
): Promise<{ shown: Token[]; count: number }> {
  const found = await findLiveSiblings(db, scope, ids, maxShown + 1)
  const shown = found.slice(0, maxShown).map(describeToken)
  const count =
    found.length > maxShown ? await countLiveSiblings(db, scope, ids, maxSiblings + 1) : found.length
  return { shown, count }
}
