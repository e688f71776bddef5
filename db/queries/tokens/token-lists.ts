import { and, eq, gt, lte, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { partnerAccess } from '../../schema/partner-access.ts'
import { revocations } from '../../schema/revocations.ts'
import { tokens } from '../../schema/tokens.ts'
import { asId, asMoment, beyond, type Direction, ways } from '../keyset.ts'
import { inScope, type Party } from '../party.ts'
import { isUnwritten, openCutOffs } from './ends.ts'
import { inNameOrder, nameOrIdHas } from './name-search.ts'
import { hasSuccessor, notRevoked, readTokens } from './tokens.ts'

export type TokenSort = 'expires' | 'created' | 'name'

/** The last row seen, by the keys of its order. */
export type TokenPosition = { at: Date; id: string; name?: string | undefined; otherId?: string | undefined }

type PageRequest = {
  search?: string | undefined
  direction: Direction
  after?: TokenPosition | undefined
  limit: number
}

/**
 * The same bounds of `expires_at` in a form that no index starts from. Where a cursor says where to start,
 * PostgreSQL may start from the other bound of the same column instead and walk all the way to the cursor.
 */
const asFilter = {
  notExpired: sql`${tokens.expiresAt} - now() > interval '0'`,
  expired: sql`${tokens.expiresAt} - now() <= interval '0'`,
  expiresWithin: (days: number) => sql`${tokens.expiresAt} - make_interval(days => ${days}) <= now()`,
}

/** Tokens that are neither revoked nor expired. */
export async function listLiveTokens(
  db: Queryable,
  scope: Party,
  page: PageRequest & {
    show: 'active' | 'expiring'
    expiringWithinDays: number
    mark?: 'new' | 'renewed' | undefined
    sort: TokenSort
  },
) {
  const days = page.expiringWithinDays
  const startsAtCursor = page.after !== undefined && page.sort !== 'created'
  const conditions = [
    notRevoked,
    startsAtCursor && page.direction === 'asc' ? asFilter.notExpired : gt(tokens.expiresAt, sql`now()`),
    page.show === 'active'
      ? undefined
      : startsAtCursor && page.direction === 'desc'
        ? asFilter.expiresWithin(days)
        : lte(tokens.expiresAt, sql`now() + make_interval(days => ${days})`),
    page.mark === 'renewed' ? hasSuccessor : undefined,
    page.mark === 'new' ? sql`not ${hasSuccessor}` : undefined,
  ]
  const ids =
    page.sort === 'name'
      ? idsByName(scope, page, conditions)
      : idsByTime(scope, page, page.sort === 'created' ? tokens.createdAt : tokens.expiresAt, conditions)
  return readTokens(db, scope, ids)
}

/** Pairs found by a search are walked one by one up to this number; more are met often enough in the order of time. */
const maxPairsWalked = 100

function idsByTime(
  scope: Party,
  page: PageRequest,
  time: typeof tokens.createdAt | typeof tokens.expiresAt,
  conditions: (SQL | undefined)[],
) {
  const { order } = ways[page.direction]
  const after = beyond(page.direction, [time, tokens.id], page.after && keysOf(page.after))
  const inOrder = sql`order by ${order(time)}, ${order(tokens.id)} limit ${page.limit}`
  if (page.search === undefined) {
    const where = and(inScope(scope, tokens), ...conditions, after)
    return sql`select ${tokens.id} as id from ${tokens} where ${where} ${inOrder}`
  }
  const matching = sql`select ${partnerAccess.storeId}, ${partnerAccess.partnerId} from ${partnerAccess}
    where ${and(inScope(scope, partnerAccess), nameMatches(scope, page.search))} limit ${maxPairsWalked + 1}`
  const ofPair = and(
    sql`${tokens.storeId} = pair.store_id`,
    sql`${tokens.partnerId} = pair.partner_id`,
    ...conditions,
    after,
  )
  const few = sql`select of_pair.* from pair cross join lateral (
      select ${tokens.id} as id, ${time} as at from ${tokens} where ${ofPair} ${inOrder}
    ) of_pair where (select count(*) from pair) <= ${maxPairsWalked}`
  const ofMany = and(inScope(scope, tokens), ...conditions, matches(scope, page.search), after)
  const many = sql`select ${tokens.id} as id, ${time} as at from ${tokens}
    where (select count(*) from pair) > ${maxPairsWalked} and ${ofMany} ${inOrder}`
  return sql`with pair as materialized (${matching})
    select id from (${few} union all (${many})) found
    order by ${order(sql`at`)}, ${order(sql`id`)} limit ${page.limit}`
}

/**
 * By the other party's name, then as the tokens of one pair expire. Walks the access list by its index and
 * takes a page at most from each pair, so that neither a long list nor a long pair is ever sorted whole.
 */
function idsByName(scope: Party, page: PageRequest, conditions: (SQL | undefined)[]) {
  const { order, notBefore } = ways[page.direction]
  const first = firstOfPair[page.direction]
  const { otherId, ...other } = otherParty(scope)
  const name = inNameOrder(other.name)
  const after = page.after
  const isPairOfLast = sql`(${name}, ${otherId}) = (${after?.name}::text, ${after?.otherId}::text)`
  const ofPair = and(
    eq(tokens.storeId, partnerAccess.storeId),
    eq(tokens.partnerId, partnerAccess.partnerId),
    ...conditions,
    beyond(
      page.direction,
      [tokens.expiresAt, tokens.id],
      after && [
        sql`case when ${isPairOfLast} then ${asMoment(after.at)} else ${first.at} end`,
        sql`case when ${isPairOfLast} then ${asId(after.id)} else ${first.id} end`,
      ],
    ),
  )
  const pairs = and(
    inScope(scope, partnerAccess),
    page.search === undefined ? undefined : nameMatches(scope, page.search),
    after && sql`(${name}, ${otherId}) ${notBefore} (${after.name}::text, ${after.otherId}::text)`,
  )
  return sql`select of_pair.id from ${partnerAccess} cross join lateral (
      select ${tokens.id} as id, ${tokens.expiresAt} as at from ${tokens} where ${ofPair}
      order by ${order(tokens.expiresAt)}, ${order(tokens.id)} limit ${page.limit}
    ) of_pair
    where ${pairs}
    order by ${order(name)}, ${order(otherId)}, ${order(sql`of_pair.at`)}, ${order(sql`of_pair.id`)} limit ${page.limit}`
}

/** Tokens that were revoked, those of a cut-off from its first moment on, or have expired, by the time of their end. */
export async function listEndedTokens(db: Queryable, scope: Party, page: PageRequest) {
  const { order } = ways[page.direction]
  const after = (time: SQL, id: SQL) => beyond(page.direction, [time, id], page.after && keysOf(page.after))
  const searched = page.search === undefined ? undefined : matches(scope, page.search)
  const revoked = and(
    inScope(scope, revocations),
    searched &&
      sql`exists (select from ${tokens} where ${and(eq(tokens.id, revocations.tokenId), searched)})`,
    after(sql`${revocations.revokedAt}`, sql`${revocations.tokenId}`),
  )
  const cutOff = and(inScope(scope, tokens), isUnwritten, searched, after(sql`cut_off.at`, sql`${tokens.id}`))
  const expired = and(
    inScope(scope, tokens),
    page.after && page.direction === 'desc' ? asFilter.expired : lte(tokens.expiresAt, sql`now()`),
    notRevoked,
    searched,
    after(sql`${tokens.expiresAt}`, sql`${tokens.id}`),
  )
  return readTokens(
    db,
    scope,
    sql`select id from (
      (select ${revocations.tokenId} as id, ${revocations.revokedAt} as at from ${revocations} where ${revoked}
        order by ${order(revocations.revokedAt)}, ${order(revocations.tokenId)} limit ${page.limit})
      union all
      (select of_cut_off.id, cut_off.at from (${openCutOffs(scope)}) cut_off cross join lateral (
          select ${tokens.id} from ${tokens} where ${cutOff} order by ${order(tokens.id)} limit ${page.limit}
        ) of_cut_off order by ${order(sql`cut_off.at`)}, ${order(sql`of_cut_off.id`)} limit ${page.limit})
      union all
      (select ${tokens.id}, ${tokens.expiresAt} from ${tokens} where ${expired}
        order by ${order(tokens.expiresAt)}, ${order(tokens.id)} limit ${page.limit})
    ) ended order by ${order(sql`at`)}, ${order(sql`id`)} limit ${page.limit}`,
  )
}

/** Where the tokens of a pair begin, in either direction. */
const firstOfPair = {
  asc: { at: sql`now()`, id: asId('00000000-0000-0000-0000-000000000000') },
  desc: { at: sql`'infinity'::timestamptz`, id: asId('ffffffff-ffff-ffff-ffff-ffffffffffff') },
}

const keysOf = ({ at, id }: TokenPosition) => [asMoment(at), asId(id)]

function otherParty(scope: Party) {
  switch (scope.side) {
    case 'merchant':
      return { name: partnerAccess.partnerName, otherId: partnerAccess.partnerId }
    case 'partner':
      return { name: partnerAccess.storeName, otherId: partnerAccess.storeId }
  }
}

/** The token's other party has `search` in its name or its ID, in upper or lower case. */
function matches(scope: Party, search: string): SQL {
  const ofToken = and(
    eq(partnerAccess.storeId, tokens.storeId),
    eq(partnerAccess.partnerId, tokens.partnerId),
    nameMatches(scope, search),
  )
  return sql`exists (select from ${partnerAccess} where ${ofToken} offset 0)`
}

function nameMatches(scope: Party, search: string): SQL {
  const { name, otherId } = otherParty(scope)
  return nameOrIdHas(search, { name, id: otherId })
}
