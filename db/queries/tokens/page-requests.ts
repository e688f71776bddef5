import { type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { asId, asMoment, type Direction } from '../keyset.ts'
import type { TokenSearch } from './token-search.ts'

/** The last row seen, by the keys of its order. */
export type TokenPosition = {
  at: Date
  id: string
  name?: string | undefined
  otherId?: string | undefined
  /** Of its pair, one of {@link needRanks}. */
  rank?: number | undefined
}

export type PageRequest = {
  search?: TokenSearch | undefined
  direction: Direction
  after?: TokenPosition | undefined
  limit: number
}

/** The keys of an order by time. */
export const keysOf = ({ at, id }: TokenPosition) => [asMoment(at), asId(id)]

export async function countIds(db: Queryable, ids: SQL): Promise<number> {
  const { rows } = await db.execute<{ count: number }>(sql`select count(*)::int as count from (${ids}) ids`)
  return rows[0]?.count ?? 0
}
