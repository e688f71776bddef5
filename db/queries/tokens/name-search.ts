import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'

/**
 * `search` is in the name or in the ID, whatever its letter case, accents and width. The first condition is what the
 * indexes of `partner_access` answer; the second one sorts out what has the same parts in another order.
 */
export function nameOrIdHas(search: string, { name, id }: { name: SQLWrapper; id: SQLWrapper }): SQL {
  const has = (text: SQLWrapper) => sql`strpos(search_text(${text}), search_text(${search})) > 0`
  return sql`(search_parts(${name}, ${id}) @@ search_query(${search}) and (${has(name)} or ${has(id)}))`
}

/** To order by, and to compare with, so that people find a name where they look for it: the same in every database. */
export const inNameOrder = (name: SQLWrapper): SQL => sql`${name} collate name_order`
