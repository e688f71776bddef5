import { and, eq, gt, isNotNull, isNull, lt, lte, type SQL, sql } from 'drizzle-orm'
import { handovers } from '../../schema/handovers.ts'
import { type apis, partnerAccess } from '../../schema/partner-access.ts'
import type { EndingSide, reasons } from '../../schema/revocations.ts'
import { tokenUsage } from '../../schema/token-usage.ts'
import { tokens } from '../../schema/tokens.ts'
import { asMoment } from '../keyset.ts'
import { hasSuccessor } from './tokens.ts'

/** Of live tokens: all of what is set has to fit. Days are whole ones of 24 hours, from now. */
export type TokenFilter = {
  mark?: 'new' | 'renewed' | undefined
  use?: { withinDays: number } | 'never' | undefined
  /** It was used, and has not been for so long. */
  quietForDays?: number | undefined
  handover?: 'waiting' | undefined
  /** One that the token may call. */
  api?: (typeof apis)[number] | undefined
  endsWithinDays?: number | undefined
  worksLongerThanDays?: number | undefined
  issuedBefore?: Date | undefined
}

/** Of ended tokens. A reason is one of revocations: none was given for what expired. */
export type EndedFilter = {
  reason?: (typeof reasons)[number] | 'none' | undefined
  by?: EndingSide | 'expiry' | undefined
}

/** Each is looked up in the row of the token: however many others there are, none is read. */
export function filtered(filter: TokenFilter): (SQL | undefined)[] {
  const { mark, use, quietForDays, handover, api, endsWithinDays, worksLongerThanDays, issuedBefore } = filter
  return [
    issuedBefore && lt(tokens.createdAt, asMoment(issuedBefore)),
    endsWithinDays === undefined ? undefined : lte(tokens.expiresAt, inDays(endsWithinDays)),
    worksLongerThanDays === undefined ? undefined : gt(tokens.expiresAt, inDays(worksLongerThanDays)),
    mark === 'renewed' ? hasSuccessor : undefined,
    mark === 'new' ? sql`not ${hasSuccessor}` : undefined,
    use === 'never' ? sql`not ${isUsed()}` : use && isUsed(sql`>= ${inDays(-use.withinDays)}`),
    quietForDays === undefined ? undefined : isUsed(sql`< ${inDays(-quietForDays)}`),
    handover && isWaiting(sql`${tokens.id}`),
    api &&
      sql`exists (select from ${partnerAccess} where ${and(
        eq(partnerAccess.storeId, tokens.storeId),
        eq(partnerAccess.partnerId, tokens.partnerId),
      )} and ${api} = any(${partnerAccess.apis}) offset 0)`,
  ]
}

/** Its text waits to be collected, as far as the handover says it. */
export const isWaiting = (tokenId: SQL) =>
  sql`exists (select from ${handovers} where ${and(
    eq(handovers.tokenId, tokenId),
    isNull(handovers.collectedAt),
    isNotNull(handovers.encryptedText),
  )} and ${handovers.collectUntil} > now() offset 0)`

/** @param when of its last use; at any time where it is left out. */
const isUsed = (when?: SQL) =>
  sql`exists (select from ${tokenUsage} where ${eq(tokenUsage.tokenId, tokens.id)}${
    when ? sql` and ${tokenUsage.lastUsedAt} ${when}` : sql``
  } offset 0)`

const inDays = (days: number) => sql`now() + make_interval(days => ${days}::int)`
