import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'

/** `search` is in the name or in the ID, in upper or lower case. As the indexes have it: lower(name), lower(id). */
export function nameOrIdHas(search: string, { name, id }: { name: SQLWrapper; id: SQLWrapper }): SQL {
  const pattern = `%${search.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  return sql`(lower(${name}) like lower(${pattern}) or lower(${id}) like ${pattern})`
}
