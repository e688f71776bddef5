import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { tokenFinds } from '../../schema/token-finds.ts'
import { tokens } from '../../schema/tokens.ts'
import { inScope, type Party } from '../party.ts'
import { type FindOwner, isOwnFind } from './found-tokens.ts'
import { matchesSearch } from './matching-tokens.ts'
import type { TokenSearch } from './token-search.ts'
import { live } from './tokens.ts'

/** In the order of the lists that are asked for; `place` is that of the hash, the id or the search, from 1. */
export type FoundToken = { id: string; how: 'text' | 'id' | 'search'; place: number }

/**
 * The party's tokens, live or not, with one of the hashes (in hexadecimal) or of the ids, and those that a search means: in one statement.
 * @param limit of all together; @param limitOfSearches of what searches find.
 */
export async function findOwnTokens(
  db: Queryable,
  scope: Party,
  { hashes, ids, searches }: { hashes: string[]; ids: string[]; searches: TokenSearch[] },
  { limit, limitOfSearches }: { limit: number; limitOfSearches: number },
): Promise<FoundToken[]> {
  const found: SQL[] = []
  if (hashes.length > 0)
    found.push(sql`(select ${tokens.id} as id, 'text' as how, 1 as rank, given.place::int as place
      from unnest(${sql.param(hashes)}::text[]) with ordinality given (hash, place)
      join ${tokens} on ${tokens.hash} = decode(given.hash, 'hex') where ${inScope(scope, tokens)})`)
  if (ids.length > 0)
    found.push(sql`(select ${tokens.id} as id, 'id' as how, 2 as rank, given.place::int as place
      from unnest(${sql.param(ids)}::uuid[]) with ordinality given (id, place)
      join ${tokens} on ${tokens.id} = given.id where ${inScope(scope, tokens)})`)
  for (const [n, search] of searches.entries())
    found.push(sql`(select ${tokens.id} as id, 'search' as how, 3 as rank, ${n + 1}::int as place from ${tokens}
      where ${and(inScope(scope, tokens), matchesSearch(scope, search))} limit ${limitOfSearches})`)
  if (found.length === 0) return []
  const { rows } = await db.execute<FoundToken>(sql`
    select id, how, place from (
      select distinct on (id) id, how, rank, place from (${sql.join(found, sql` union all `)}) each
      order by id, rank, place
    ) found order by rank, place, id limit ${limit}`)
  return rows
}

/** Of tokens, whatever their number: how many are live. */
export async function countLiveAmong(db: Queryable, tokenIds: string[]): Promise<number> {
  const { rows } = await db.execute<{ count: number }>(sql`
    select count(*)::int as count from unnest(${sql.param(tokenIds)}::uuid[]) given (id)
    join ${tokens} on ${tokens.id} = given.id where ${live}`)
  return rows[0]?.count ?? 0
}

/** Keeps it, and of the person's older ones the last ones, so that there are `most`. */
export async function insertFind(tx: Queryable, find: typeof tokenFinds.$inferInsert, most: number) {
  await tx.insert(tokenFinds).values(find)
  await tx.execute(sql`
    delete from ${tokenFinds} where ${eq(tokenFinds.userId, find.userId)} and id < (
      select id from ${tokenFinds} where ${eq(tokenFinds.userId, find.userId)} order by id desc offset ${most - 1} limit 1)`)
}

/** What a find of the party's says, without its tokens; undefined where the person has none of that id, or none any more. */
export async function findFind(db: Queryable, scope: Party, owner: FindOwner) {
  const [find] = await db
    .select({
      id: tokenFinds.id,
      foundAt: tokenFinds.foundAt,
      tokens: sql<number>`cardinality(${tokenFinds.tokenIds})`,
      byText: tokenFinds.byText,
      byId: tokenFinds.byId,
      isMore: tokenFinds.isMore,
      otherTexts: tokenFinds.otherTexts,
      brokenTexts: tokenFinds.brokenTexts,
      textLines: tokenFinds.textLines,
    })
    .from(tokenFinds)
    .where(and(isOwnFind(owner), eq(tokenFinds.side, scope.side), inScope(scope, tokenFinds)))
  return find
}

/** Of some tokens of a find: by what each was found, on which line first, and on how many. */
export async function listPlaces(db: Queryable, owner: FindOwner, tokenIds: string[]) {
  if (tokenIds.length === 0) return []
  const { rows } = await db.execute<{
    tokenId: string
    how: FoundToken['how']
    line: number
    lines: number
  }>(sql`
    select given.id as "tokenId", first_lines[given.place::int] as line, line_counts[given.place::int] as lines,
      case when given.place <= by_text then 'text' when given.place <= by_text + by_id then 'id' else 'search' end as how
    from ${tokenFinds} cross join lateral unnest(token_ids) with ordinality given (id, place)
    where ${isOwnFind(owner)} and given.id = any(${sql.param(tokenIds)}::uuid[])`)
  return rows
}

/** Finds that nobody sees any more: `limit` at most. @returns how many. */
export async function deleteFindsBefore(db: Queryable, before: Date, limit: number): Promise<number> {
  const { rowCount } = await db.execute(sql`
    delete from ${tokenFinds} where id in (
      select id from ${tokenFinds} where found_at < ${before.toISOString()}::timestamptz
      order by found_at limit ${limit})`)
  return rowCount ?? 0
}
