import { and, eq, gt, isNotNull, isNull, lt, lte, type SQL, sql } from 'drizzle-orm'
import { handovers } from '../../schema/handovers.ts'
import { type apis, partnerAccess } from '../../schema/partner-access.ts'
import { pauseBooks } from '../../schema/pauses.ts'
import type { EndingSide, reasons } from '../../schema/revocations.ts'
import { tokenUsage } from '../../schema/token-usage.ts'
import { tokens } from '../../schema/tokens.ts'
import { asMoment } from '../keyset.ts'
import { inScope, type Party } from '../party.ts'
import { type FindOwner, isFound } from './found-tokens.ts'
import { hasSuccessor } from './tokens.ts'
import { usedOn, wasRenewed } from './walked-tokens.ts'

/** Of live tokens: all of what is set has to fit. Days are whole ones of 24 hours, from now. */
export type TokenFilter = {
  mark?: 'new' | 'renewed' | undefined
  use?: { withinDays: number } | 'never' | undefined
  /** It was used, and has not been for so long. */
  quietForDays?: number | undefined
  /** Its text waits to be collected, which it does for so many days at most. */
  waiting?: { withinDays: number } | undefined
  /** Either side has it paused. */
  paused?: boolean | undefined
  /** One that the token may call. */
  api?: (typeof apis)[number] | undefined
  endsWithinDays?: number | undefined
  worksLongerThanDays?: number | undefined
  issuedBefore?: Date | undefined
  /** One of those that somebody found. */
  found?: FindOwner | undefined
}

/** Of ended tokens. A reason is one of revocations: none was given for what expired. */
export type EndedFilter = {
  reason?: (typeof reasons)[number] | 'none' | undefined
  by?: EndingSide | 'expiry' | undefined
  found?: FindOwner | undefined
}

/** Each is looked up in the row of the token: however many others there are, none is read. */
export function filtered(filter: TokenFilter): (SQL | undefined)[] {
  const { mark, use, quietForDays, waiting, paused, api, found } = filter
  return [
    found && isFound(found),
    ...byTimes(filter),
    mark === 'renewed' ? hasSuccessor : undefined,
    mark === 'new' ? sql`not ${hasSuccessor}` : undefined,
    use === 'never' ? sql`not ${isUsed()}` : use && isUsed(sql`>= ${daysAgo(use.withinDays)}`),
    quietForDays === undefined ? undefined : isUsed(sql`< ${daysAgo(quietForDays)}`),
    waiting && isWaiting(sql`${tokens.id}`),
    paused ? isPaused : undefined,
    api && mayCall(api),
  ]
}

/**
 * The same of a row of `walkedTokens`, in two parts: what the row itself tells, and what is then looked up elsewhere of those that it lets
 * through. A use that was not written into the row yet never makes a token look unused.
 */
export function filteredInWalk(filter: TokenFilter): {
  byRow: (SQL | undefined)[]
  byFacts: (SQL | undefined)[]
} {
  const { mark, use, quietForDays, waiting, paused, api, found } = filter
  const day = use && use !== 'never' ? dayOf(daysAgo(use.withinDays)) : undefined
  return {
    byRow: [
      found && isFound(found),
      ...byTimes(filter),
      mark === 'renewed' ? wasRenewed : undefined,
      use === 'never' ? sql`${usedOn} is null` : use && sql`${usedOn} >= ${day}`,
      quietForDays === undefined ? undefined : quietSince(quietForDays),
      waiting && issuedWithin(waiting.withinDays),
    ],
    byFacts: [
      use === 'never' ? sql`not ${isUsed()}` : undefined,
      use && use !== 'never'
        ? sql`(${usedOn} > ${day} or ${isUsed(sql`>= ${daysAgo(use.withinDays)}`)})`
        : undefined,
      quietForDays === undefined ? undefined : isUsed(sql`< ${daysAgo(quietForDays)}`),
      waiting && isWaiting(sql`${tokens.id}`),
      paused ? isPaused : undefined,
      api && mayCall(api),
      mark === 'renewed' ? hasSuccessor : undefined,
      mark === 'new' ? sql`not (${wasRenewed} and ${hasSuccessor})` : undefined,
    ],
  }
}

/**
 * Of a filter each part by which an index of `walkedTokens` finds its tokens, if they are few, without walking all others.
 * @param walkedBy the column by which the list is walked: its own bounds need no other index.
 */
export function rareParts(filter: TokenFilter, walkedBy: 'expiry' | 'creation' | null): SQL[] {
  const { mark, use, quietForDays, waiting, endsWithinDays, worksLongerThanDays, issuedBefore } = filter
  const parts: (SQL | undefined)[] = [
    // In the order of expiry there is an index of these alone.
    mark === 'renewed' && walkedBy !== 'expiry' ? wasRenewed : undefined,
    use === 'never' ? sql`${usedOn} is null` : use && sql`${usedOn} >= ${dayOf(daysAgo(use.withinDays))}`,
    quietForDays === undefined ? undefined : quietSince(quietForDays),
    // Of those that were issued so lately, each is looked up: no more of them than were issued in that time.
    waiting && and(issuedWithin(waiting.withinDays), isWaiting(sql`${tokens.id}`)),
    issuedBefore && walkedBy !== 'creation' ? lt(tokens.createdAt, asMoment(issuedBefore)) : undefined,
    ...(walkedBy === 'expiry' ? [] : [endsWithin(endsWithinDays), worksLonger(worksLongerThanDays)]),
  ]
  return parts.filter((part) => part !== undefined)
}

const byTimes = ({ issuedBefore, endsWithinDays, worksLongerThanDays }: TokenFilter) => [
  issuedBefore && lt(tokens.createdAt, asMoment(issuedBefore)),
  endsWithin(endsWithinDays),
  worksLonger(worksLongerThanDays),
]

export const endsWithin = (days: number | undefined) =>
  days === undefined ? undefined : lte(tokens.expiresAt, daysAgo(-days))

const worksLonger = (days: number | undefined) =>
  days === undefined ? undefined : gt(tokens.expiresAt, daysAgo(-days))

const issuedWithin = (days: number) => gt(tokens.createdAt, daysAgo(days))

const quietSince = (days: number) => sql`${usedOn} <= ${dayOf(daysAgo(days))}`

/** One of the token's other party's: of a row of the access list, and of the token that has it. */
export const mayCallOfPair = (api: (typeof apis)[number]) => sql`${api} = any(${partnerAccess.apis})`

const mayCall = (api: (typeof apis)[number]) =>
  sql`exists (select from ${partnerAccess} where ${and(
    eq(partnerAccess.storeId, tokens.storeId),
    eq(partnerAccess.partnerId, tokens.partnerId),
  )} and ${mayCallOfPair(api)} offset 0)`

/** Its text waits to be collected, as far as the handover says it. */
export const isWaiting = (tokenId: SQL) =>
  sql`exists (select from ${handovers} where ${and(
    eq(handovers.tokenId, tokenId),
    isNull(handovers.collectedAt),
    isNotNull(handovers.encryptedText),
  )} and ${handovers.collectUntil} > now() offset 0)`

/** Texts of whomever that wait to be collected, up to `limit`: how many. They stand in the order in which they expire. */
export const waitingInAll = (limit: number) =>
  sql`(select count(*)::int from (
    select from ${handovers} where ${handovers.encryptedText} is not null and ${handovers.collectUntil} > now()
    order by ${handovers.collectUntil} limit ${limit}) waiting)`

/** One of {@link waitingInAll}, from which its token is found. */
export const isOneOfWaiting = sql`${tokens.id} in (
  select ${handovers.tokenId} from ${handovers} where ${handovers.encryptedText} is not null and ${handovers.collectUntil} > now())`

/** The pauses that go on: resuming closes the books of one in the same statement. */
const goesOn = sql`${pauseBooks.finishedAt} is null and ${pauseBooks.endsAt} > statement_timestamp()`

const isPaused = sql`exists (select from ${pauseBooks} where ${eq(pauseBooks.tokenId, tokens.id)} and ${goesOn} offset 0)`

/** The same, by an index of the pauses of a store or partner: up to `limit` of them. */
export const pausedInScope = (scope: Party, limit?: number) =>
  sql`select ${pauseBooks.tokenId} from ${pauseBooks} where ${inScope(scope, pauseBooks)} and ${goesOn}${
    limit === undefined ? sql`` : sql` limit ${limit}`
  }`

export const isOneOfPaused = (scope: Party) => sql`${tokens.id} in (${pausedInScope(scope)})`

/** @param when of its last use; at any time where it is left out. */
const isUsed = (when?: SQL) =>
  sql`exists (select from ${tokenUsage} where ${eq(tokenUsage.tokenId, tokens.id)}${
    when ? sql` and ${tokenUsage.lastUsedAt} ${when}` : sql``
  } offset 0)`

const daysAgo = (days: number) => sql`now() - make_interval(days => ${days}::int)`
const dayOf = (moment: SQL) => sql`((${moment}) at time zone 'UTC')::date`
