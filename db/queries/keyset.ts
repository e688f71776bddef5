import { asc, desc, type SQL, type SQLWrapper, sql } from 'drizzle-orm'

export type Direction = 'asc' | 'desc'

/** How a list is ordered and walked, in either direction (docs/decisions/006-lists-page-by-key.md). */
export const ways = {
  asc: { order: asc, beyond: sql`>`, notBefore: sql`>=` },
  desc: { order: desc, beyond: sql`<`, notBefore: sql`<=` },
}

/** The rows behind the last one seen, by the keys of the order; nothing where the list begins. */
export function beyond(direction: Direction, keys: SQLWrapper[], last: SQL[] | undefined): SQL | undefined {
  return last && sql`(${sql.join(keys, comma)}) ${ways[direction].beyond} (${sql.join(last, comma)})`
}

/** The same of a list whose order is that of its ids. */
export function beyondId(direction: Direction, id: SQLWrapper, last: string | undefined): SQL | undefined {
  return last === undefined ? undefined : sql`${id} ${ways[direction].beyond} ${asId(last)}`
}

export const asMoment = (at: Date) => sql`${at.toISOString()}::timestamptz`
export const asId = (id: string) => sql`${id}::uuid`

const comma = sql`, `
