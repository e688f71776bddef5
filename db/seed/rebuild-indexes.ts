import { sql } from 'drizzle-orm'
import type { Database, Queryable } from '../client.ts'

const filled = sql`('tokens'::regclass, 'token_usage'::regclass, 'revocations'::regclass, 'audit_events'::regclass)`

/**
 * Lets `fill` write a great many tokens while their tables have no index but the primary key and check no foreign key,
 * then puts all back as it was, in one transaction. Locks everybody out.
 */
export async function withIndexesRebuilt<T>(db: Database, fill: (tx: Queryable) => Promise<T>): Promise<T> {
  return db.transaction(async (tx) => {
    const definitions = [...(await constraints(tx)), ...(await secondaryIndexes(tx))]
    for (const { drop } of definitions) await tx.execute(sql.raw(drop))
    const result = await fill(tx)
    await tx.execute(sql`set local maintenance_work_mem = '256MB'`)
    // The foreign keys rest on the indexes: the last dropped comes back first.
    for (const { create } of definitions.reverse()) await tx.execute(sql.raw(create))
    return result
  })
}

type Definition = { drop: string; create: string }

/** Foreign keys and unique ones; primary keys stay. */
async function constraints(tx: Queryable): Promise<Definition[]> {
  const { rows } = await tx.execute<Definition>(sql`
    select format('alter table %s drop constraint %I', conrelid::regclass, conname) as "drop",
      format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as "create"
    from pg_constraint where contype in ('f', 'u') and conrelid in ${filled}
    order by contype`)
  return rows
}

async function secondaryIndexes(tx: Queryable): Promise<Definition[]> {
  const { rows } = await tx.execute<Definition>(sql`
    select format('drop index %s', indexrelid::regclass) as "drop", pg_get_indexdef(indexrelid) as "create"
    from pg_index where not indisunique and indrelid in ${filled}`)
  return rows
}
