import { type Client, escapeIdentifier } from 'pg'

/** Of the index that the statement makes concurrently, if it makes one. */
export function nameOfConcurrentIndex(statement: string): string | undefined {
  return /\bcreate\s+(?:unique\s+)?index\s+concurrently\s+(?:if\s+not\s+exists\s+)?"?(\w+)"?/i.exec(
    statement,
  )?.[1]
}

/**
 * Making an index concurrently that is broken off leaves an invalid one behind, which serves nobody and for which
 * `if not exists` would make no other.
 */
export async function makeRoomForIndex(client: Client, name: string) {
  const { rowCount } = await client.query(
    `select from pg_index join pg_class on pg_class.oid = indexrelid
     where relname = $1 and relnamespace = 'public'::regnamespace and not indisvalid`,
    [name],
  )
  if (rowCount) await client.query(`drop index concurrently if exists public.${escapeIdentifier(name)}`)
}
