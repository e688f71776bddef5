import { sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'

/**
 * Collations that what we keep in order rests on, and that the system has in another version than the one in which they
 * were recorded: until they are indexed anew, an index may not find what is there. `name_order` orders names, `und-x-icu`
 * folds letters for searches; `default` is the database's own, for ids. One that has no version is never here.
 */
const outdatedCollations = `
  select name || ' ' || recorded || ' (now ' || actual || ')' as outdated from (
    select collname::text as name, collversion as recorded, pg_collation_actual_version(oid) as actual
    from pg_collation
    where oid in (to_regcollation('public.name_order'), to_regcollation('pg_catalog."und-x-icu"'))
    union all
    select 'default', datcollversion, pg_database_collation_actual_version(oid)
    from pg_database where datname = current_database()
  ) known where recorded <> actual order by 1`

/** @returns of each its name, the recorded version and the system's, for people. */
export async function findOutdatedCollations(db: Queryable): Promise<string[]> {
  const { rows } = await db.execute<{ outdated: string }>(sql.raw(outdatedCollations))
  return rows.map(({ outdated }) => outdated)
}

/** For logs: what is the matter and where to read what to do. */
export const describeOutdated = (outdated: readonly string[]) =>
  `The system orders text by newer rules than the indexes were built with: ${outdated.join(', ')}. Names may be out of place or not be found: index them anew, see docs/upgrading.md`
