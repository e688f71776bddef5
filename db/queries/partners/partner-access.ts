import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { partnerAccess } from '../../schema/partner-access.ts'
import { stores } from '../../schema/stores.ts'
import { tokens } from '../../schema/tokens.ts'
import { inScope, inTokenScope, type OneToken, type Party } from '../party.ts'

/**
 * Makes issuing, renewing and revoking for the stores and partners of the tokens wait until we commit.
 * Locked in one order everywhere, so that two of us never wait for each other.
 */
export async function lockAccessOfTokens(tx: Queryable, scope: Party | OneToken, tokenIds: string[]) {
  const pairs = tx
    .select({ storeId: tokens.storeId, partnerId: tokens.partnerId })
    .from(tokens)
    .where(and(inTokenScope(scope), inArray(tokens.id, tokenIds)))
  return tx
    .select({ storeId: partnerAccess.storeId, partnerId: partnerAccess.partnerId })
    .from(partnerAccess)
    .where(
      and(
        ...(scope.side === undefined ? [] : [inScope(scope, partnerAccess)]),
        sql`(${partnerAccess.storeId}, ${partnerAccess.partnerId}) in ${pairs}`,
      ),
    )
    .orderBy(asc(partnerAccess.storeId), asc(partnerAccess.partnerId))
    .for('update')
}

/** The same for who acts for nobody in particular: a job that carries out what people decided. */
export async function lockAccessOfPlannedTokens(tx: Queryable, tokenIds: string[]) {
  await tx.execute(sql`
    select from ${partnerAccess}
    where (${partnerAccess.storeId}, ${partnerAccess.partnerId}) in (
      select ${tokens.storeId}, ${tokens.partnerId} from ${tokens} where ${inArray(tokens.id, tokenIds)})
    order by ${partnerAccess.storeId}, ${partnerAccess.partnerId}
    for update`)
}

/** The access list's row of one pair, unless it was removed, with the store's package, locked like {@link lockAccessOfTokens}. */
export async function lockAccess(tx: Queryable, pair: { storeId: string; partnerId: string }) {
  const [row] = await tx
    .select({ storeId: partnerAccess.storeId, partnerId: partnerAccess.partnerId, package: stores.package })
    .from(partnerAccess)
    .innerJoin(stores, eq(stores.id, partnerAccess.storeId))
    .where(
      and(
        eq(partnerAccess.storeId, pair.storeId),
        eq(partnerAccess.partnerId, pair.partnerId),
        isNull(partnerAccess.removedAt),
      ),
    )
    .for('update', { of: partnerAccess })
  return row
}
