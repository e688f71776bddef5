import { and, eq, gt, inArray, isNull, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Queryable } from '../../client.ts'
import { auditEvents } from '../../schema/audit-events.ts'
import { handovers } from '../../schema/handovers.ts'
import { partnerAccess } from '../../schema/partner-access.ts'
import { partners } from '../../schema/partners.ts'
import { pausedTokenAttempts, type pauses } from '../../schema/pauses.ts'
import { retirementPlans } from '../../schema/retirement-plans.ts'
import { revocations } from '../../schema/revocations.ts'
import { revokedTokenAttempts } from '../../schema/revoked-token-attempts.ts'
import { stores } from '../../schema/stores.ts'
import { tokenAdoptions } from '../../schema/token-adoptions.ts'
import { tokenUsage } from '../../schema/token-usage.ts'
import { tokens } from '../../schema/tokens.ts'
import { users } from '../../schema/users.ts'
import { forOwnSide, inScope, inTokenScope, type OneToken, type Party } from '../party.ts'
import { firstEnd, isNotRevoked, openPauses } from './ends.ts'
import { isRenewed, laterInChain, liveSuccessor } from './renewal-chains.ts'

type RevokedFrom = (typeof revocations.$inferSelect)['side']
type Reason = (typeof revocations.$inferSelect)['reason']

export type TokenRow = Awaited<ReturnType<typeof readTokens>>[number]

const successor = alias(tokens, 'successor')

const predecessor = alias(tokens, 'predecessor')
const successorAdoption = alias(tokenAdoptions, 'successor_adoption')

const nameOf = (userId: SQLWrapper) => sql`(select name from ${users} where id = ${userId})`

/** As it was: in the fact itself, or, where that is older than its column, in the audit record. */
const recordedName = (
  recorded: SQLWrapper,
  userId: SQLWrapper,
  action: 'token.revoked' | 'token.collected',
) =>
  sql<string | null>`case when ${userId} is not null then coalesce(${recorded},
    (select user_name from ${auditEvents} where token_id = ${tokens}.id and action = ${action} order by id limit 1),
    ${nameOf(userId)}) end`

/**
 * What renewed this token is live. `offset 0`, here and below, keeps PostgreSQL at looking up row by row: left to
 * choose, it may read the whole table once for a page.
 */
export const hasSuccessor = isRenewed(sql`${tokens.id}`)

export const notRevoked = isNotRevoked('tokens')

export const live = and(gt(tokens.expiresAt, sql`now()`), notRevoked) as SQL

/** A pause of a token at this moment, with its times as PostgreSQL writes them in JSON. */
export type PauseRow = Pick<typeof pauses.$inferSelect, 'side' | 'number' | 'endsAs' | 'reason' | 'note'> & {
  begunAt: string
  endsAt: string
  /** Nobody paused it: it is the answer to a report of a leak. */
  isAfterReport: boolean
  /** Null after a restore: the backup does not have them. */
  by: string | null
  /** For their own side. */
  byEmail: string | null
  byRole: (typeof pauses.$inferSelect)['userRole']
  /** Calls that were refused since then; null: there were none. */
  attempts: { count: number; lastAt: string; lastAddress: string | null; lastClient: string | null } | null
}

/** Of the row `pause`. */
const attemptsOf = sql`select jsonb_build_object('count', attempted.attempts, 'lastAt', attempted.last_at,
    'lastAddress', attempted.last_address, 'lastClient', attempted.last_client)
  from ${pausedTokenAttempts} attempted
  where attempted.token_id = pause.token_id and attempted.side = pause.side and attempted.number = pause.number`

/**
 * All that is shown of the tokens whose ids `page` selects (column `id`), in its order.
 * Only the page is joined to the other tables, however long the list is.
 * @param rank of each of them where the order of the list has one.
 */
export async function readTokens(
  db: Queryable,
  scope: Party | OneToken,
  page: SQL,
  rank: SQL = sql`null::int`,
) {
  const next = db
    .select({
      id: successor.id,
      lastCharacters: successor.lastCharacters,
      adoptedAt: successorAdoption.adoptedAt,
      plannedAt: retirementPlans.plannedAt,
      retireAt: retirementPlans.retireAt,
      plannedFrom: retirementPlans.side,
      plannedBy: sql<
        string | null
      >`coalesce(${retirementPlans.userName}, ${nameOf(retirementPlans.userId)})`.as('planned_by'),
      plannedByEmail: forOwnSide(scope, retirementPlans.side, retirementPlans.userEmail).as(
        'planned_by_email',
      ),
      plannedByRole: retirementPlans.userRole,
    })
    .from(sql`(${liveSuccessor(sql`${tokens.id}`)}) live_successor`)
    .innerJoin(successor, eq(successor.id, sql`live_successor.id`))
    .leftJoin(successorAdoption, eq(successorAdoption.tokenId, successor.id))
    .leftJoin(
      retirementPlans,
      and(eq(retirementPlans.successorId, sql`live_successor.first_id`), isNull(retirementPlans.settledAt)),
    )
    .as('next')
  return db
    .select({
      id: tokens.id,
      lastCharacters: tokens.lastCharacters,
      storeId: tokens.storeId,
      storeName: stores.name,
      storePackage: stores.package,
      partnerId: tokens.partnerId,
      partnerName: partners.name,
      /** Where the list by name has them: after a renaming under the old name, for a while. */
      sortedByStoreName: partnerAccess.storeName,
      sortedByPartnerName: partnerAccess.partnerName,
      apis: partnerAccess.apis,
      predecessorId: tokens.predecessorId,
      predecessorLastCharacters: predecessor.lastCharacters,
      createdAt: tokens.createdAt,
      expiresAt: tokens.expiresAt,
      /** Of the token with which the chain goes on; all null: there is none. */
      successorId: next.id,
      successorLastCharacters: next.lastCharacters,
      successorAdoptedAt: next.adoptedAt,
      /** Of the plan to retire this token in favour of that one, while it is open. */
      plannedAt: next.plannedAt,
      retireAt: next.retireAt,
      plannedFrom: next.plannedFrom,
      plannedBy: next.plannedBy,
      plannedByEmail: next.plannedByEmail,
      plannedByRole: next.plannedByRole,
      /** The first accepted call with a token that renewed another one. */
      adoptedAt: tokenAdoptions.adoptedAt,
      lastUsedAt: tokenUsage.lastUsedAt,
      lastApi: tokenUsage.lastApi,
      lastAddress: tokenUsage.lastAddress,
      lastClient: tokenUsage.lastClient,
      revokedAt: sql`coalesce(${revocations.revokedAt}, cut_off.at)`.mapWith(
        revocations.revokedAt,
      ) as SQL<Date | null>,
      revokedFrom: sql<RevokedFrom | null>`coalesce(${revocations.side}, cut_off.side)`,
      /** Null as well where an operator of the platform cut it off. */
      revokedBy: sql<
        string | null
      >`case when ${revocations.tokenId} is not null and ${revocations.side} <> 'operator'
          then ${recordedName(revocations.userName, revocations.userId, 'token.revoked')}
          when ${revocations.tokenId} is null and cut_off.side <> 'operator' then cut_off.user_name end`,
      revokedByEmail: forOwnSide(
        scope,
        sql`coalesce(${revocations.side}, cut_off.side)`,
        sql`case when ${revocations.tokenId} is null then cut_off.user_email else ${revocations.userEmail} end`,
      ),
      revokedByRole: sql<
        typeof revocations.$inferSelect.userRole
      >`case when ${revocations.tokenId} is null then cut_off.user_role else ${revocations.userRole} end`,
      /** Null as well where none was given. */
      reason: sql<Reason | null>`case when ${revocations.tokenId} is null then cut_off.reason else ${revocations.reason} end`,
      note: sql<
        string | null
      >`case when ${revocations.tokenId} is null then cut_off.note else ${revocations.note} end`,
      /** What ended it with all others; null: it was revoked by itself, or lives. */
      cutOffId: sql<
        string | null
      >`case when coalesce(${revocations.revokedAt}, cut_off.at) = cut_off.at then cut_off.id end`,
      /** Those of this moment, of one side or both, that of the merchant first. */
      pauses: sql<PauseRow[]>`(
        select coalesce(jsonb_agg(jsonb_build_object(
            'side', pause.side, 'number', pause.number, 'begunAt', pause.begun_at, 'endsAt', pause.ends_at, 'endsAs', pause.ends_as,
            'by', pause.user_name, 'byEmail', ${forOwnSide(scope, sql`pause.side`, sql`pause.user_email`)}, 'byRole', pause.user_role,
            'reason', pause.reason, 'note', pause.note, 'isAfterReport', pause.report_id is not null, 'attempts', (${attemptsOf})) order by pause.side), '[]')
        from ${openPauses('tokens')})`,
      /** Calls with it after its revocation, all of them refused; null: there were none. */
      attempts: {
        count: revokedTokenAttempts.attempts,
        firstAt: revokedTokenAttempts.firstAt,
        lastAt: revokedTokenAttempts.lastAt,
        lastAddress: revokedTokenAttempts.lastAddress,
        lastClient: revokedTokenAttempts.lastClient,
      },
      /** The way of its text to who uses it; null: it was never kept. */
      handover: {
        isKept: sql<boolean>`${handovers.encryptedText} is not null`,
        collectUntil: handovers.collectUntil,
        collectedAt: handovers.collectedAt,
        collectedFrom: handovers.collectedFrom,
        collectedBy: recordedName(handovers.collectedByName, handovers.collectedBy, 'token.collected'),
        collectedByEmail: forOwnSide(scope, handovers.collectedFrom, handovers.collectedByEmail),
        collectedByRole: handovers.collectedByRole,
      },
      /** How soon its store and partner need somebody, where the list is in that order; 0 first. */
      rank: sql<number | null>`${rank}`,
      /** The database's time of this answer. */
      asOf: sql<Date>`now()`.mapWith(tokens.createdAt),
    })
    .from(sql`(select *, row_number() over () as position from (${page}) ids) page`)
    .innerJoin(tokens, eq(tokens.id, sql`page.id`))
    .innerJoin(
      partnerAccess,
      and(eq(partnerAccess.storeId, tokens.storeId), eq(partnerAccess.partnerId, tokens.partnerId)),
    )
    .innerJoin(stores, eq(stores.id, tokens.storeId))
    .innerJoin(partners, eq(partners.id, tokens.partnerId))
    .leftJoin(tokenUsage, eq(tokenUsage.tokenId, tokens.id))
    .leftJoin(revocations, eq(revocations.tokenId, tokens.id))
    .leftJoinLateral(sql`(${firstEnd('tokens')}) cut_off`, sql`true`)
    .leftJoin(revokedTokenAttempts, eq(revokedTokenAttempts.tokenId, tokens.id))
    .leftJoin(handovers, eq(handovers.tokenId, tokens.id))
    .leftJoin(tokenAdoptions, eq(tokenAdoptions.tokenId, tokens.id))
    .leftJoin(predecessor, eq(predecessor.id, tokens.predecessorId))
    .leftJoinLateral(next, sql`true`)
    .orderBy(sql`page.position`)
}

export async function findTokens(db: Queryable, scope: Party | OneToken, tokenIds: string[]) {
  if (tokenIds.length === 0) return []
  const where = and(inTokenScope(scope), inArray(tokens.id, tokenIds))
  return readTokens(
    db,
    scope,
    sql`select ${tokens.id} as id from ${tokens} where ${where}
      order by ${tokens.storeId}, ${tokens.partnerId}, ${tokens.expiresAt}, ${tokens.id}`,
  )
}

/** The tokens whose ids are given, in their order; those that are not in the scope are not there. */
export async function readTokensInOrder(db: Queryable, scope: Party, tokenIds: string[]) {
  if (tokenIds.length === 0) return []
  return readTokens(
    db,
    scope,
    sql`select ${tokens.id} as id from unnest(${sql.param(tokenIds)}::uuid[]) with ordinality given (id, place)
      join ${tokens} on ${tokens.id} = given.id where ${inScope(scope, tokens)} order by given.place`,
  )
}

/** The live ones of the tokens that this one renewed, itself or by those between; nearest first. */
export async function findLivePredecessors(db: Queryable, scope: Party, id: string) {
  const newer = alias(tokens, 'newer')
  return readTokens(
    db,
    scope,
    sql`with recursive older as (
        select ${newer.predecessorId} as id, 1 as distance from ${tokens} newer where ${and(inScope(scope, newer), eq(newer.id, id))}
        union all
        select ${newer.predecessorId}, distance + 1 from older join ${tokens} newer on ${newer.id} = older.id
      )
      select ${tokens.id} as id from older join ${tokens} on ${tokens.id} = older.id where ${live} order by distance`,
  )
}

/** Of the tokens `tokenIds`, each with every token that renewed it or came after that, as far as its chain reaches. */
export async function findLaterInChain(db: Queryable, scope: Party, tokenIds: string[]) {
  if (tokenIds.length === 0) return []
  const { rows } = await db.execute<{ id: string; laterId: string }>(sql`
    select ${tokens.id} as id, later.id as "laterId"
    from ${tokens} cross join lateral (${laterInChain(sql`${tokens.id}`)}) later
    where ${and(inScope(scope, tokens), inArray(tokens.id, tokenIds))}`)
  return rows
}

export async function insertTokens(tx: Queryable, rows: (typeof tokens.$inferInsert)[]) {
  if (rows.length > 0) await tx.insert(tokens).values(rows)
}
