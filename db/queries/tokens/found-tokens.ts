import { and, eq, gt, type SQL, sql } from 'drizzle-orm'
import { tokenFinds } from '../../schema/token-finds.ts'
import { tokens } from '../../schema/tokens.ts'

/** A find is there for so long, in hours. */
export const findKeptHours = 24

/** Who found what: nobody else sees it, not even at the same store or partner. */
export type FindOwner = { findId: string; userId: string }

/** Of a row of `token_finds`: it is the person's, and kept. */
export const isOwnFind = ({ findId, userId }: FindOwner): SQL =>
  and(
    eq(tokenFinds.id, findId),
    eq(tokenFinds.userId, userId),
    gt(tokenFinds.foundAt, sql`now() - make_interval(hours => ${findKeptHours})`),
  ) ?? sql`false`

/** Of a row `tokens`: it is one of the find; none is, once that is not kept any more. */
export const isFound = (owner: FindOwner): SQL =>
  sql`${tokens.id} in (select unnest(${tokenFinds.tokenIds}) from ${tokenFinds} where ${isOwnFind(owner)})`
