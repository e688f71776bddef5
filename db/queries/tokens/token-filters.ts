import { and, eq, isNotNull, isNull, lte, type SQL, sql } from 'drizzle-orm'
import { handovers } from '../../schema/handovers.ts'
import { type apis, partnerAccess } from '../../schema/partner-access.ts'
import { tokenUsage } from '../../schema/token-usage.ts'
import { tokens } from '../../schema/tokens.ts'
import { hasSuccessor } from './tokens.ts'

export type TokenFilter = {
  mark?: 'new' | 'renewed' | undefined
  use?: { within: number } | { notWithin: number } | 'never' | undefined
  handover?: 'waiting' | undefined
  /** One that the token may call. */
  api?: (typeof apis)[number] | undefined
  endsWithinDays?: number | undefined
}

/** Each is looked up in the row of the token: however many others there are, none is read. */
export function filtered({ mark, use, handover, api, endsWithinDays }: TokenFilter): (SQL | undefined)[] {
  return [
    mark === 'renewed' ? hasSuccessor : undefined,
    mark === 'new' ? sql`not ${hasSuccessor}` : undefined,
    use && usedAs(use),
    handover && isWaiting(sql`${tokens.id}`),
    api &&
      sql`exists (select from ${partnerAccess} where ${and(
        eq(partnerAccess.storeId, tokens.storeId),
        eq(partnerAccess.partnerId, tokens.partnerId),
      )} and ${api} = any(${partnerAccess.apis}) offset 0)`,
    endsWithinDays === undefined ? undefined : lte(tokens.expiresAt, inDays(endsWithinDays)),
  ]
}

/** Its text waits to be collected, as far as the handover says it. */
export const isWaiting = (tokenId: SQL) =>
  sql`exists (select from ${handovers} where ${and(
    eq(handovers.tokenId, tokenId),
    isNull(handovers.collectedAt),
    isNotNull(handovers.encryptedText),
  )} and ${handovers.collectUntil} > now() offset 0)`

function usedAs(use: Exclude<TokenFilter['use'], undefined>): SQL {
  const used = (when?: SQL) =>
    sql`exists (select from ${tokenUsage} where ${and(eq(tokenUsage.tokenId, tokens.id), when)} offset 0)`
  if (use === 'never') return sql`not ${used()}`
  return 'within' in use
    ? used(sql`${tokenUsage.lastUsedAt} >= ${inDays(-use.within)}`)
    : used(sql`${tokenUsage.lastUsedAt} < ${inDays(-use.notWithin)}`)
}

const inDays = (days: number) => sql`now() + make_interval(days => ${days})`
