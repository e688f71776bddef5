import { type SQL, sql } from 'drizzle-orm'
import type { Database, Queryable } from '#db/client.ts'

const tablesOfTokens = ['tokens', 'live_tokens', 'token_usage', 'revocations', 'audit_events']

/**
 * Lets `fill` write a great many rows while `tables` have no index but the primary key and check no foreign key,
 * then puts all back as it was, in one transaction. Locks everybody out.
 */
export async function withIndexesRebuilt<T>(
  db: Database,
  fill: (tx: Queryable) => Promise<T>,
  tables: readonly string[] = tablesOfTokens,
): Promise<T> {
  return db.transaction(async (tx) => {
    const filled = sql`any(${sql.param(`{${tables.join()}}`)}::regclass[])`
    const definitions = [...(await constraints(tx, filled)), ...(await secondaryIndexes(tx, filled))]
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
async function constraints(tx: Queryable, filled: SQL): Promise<Definition[]> {
  const { rows } = await tx.execute<Definition>(sql`
    select format('alter table %s drop constraint %I', conrelid::regclass, conname) as "drop",
      format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as "create"
    from pg_constraint where contype in ('f', 'u') and conrelid = ${filled}
    order by contype`)
  return rows
}

async function secondaryIndexes(tx: Queryable, filled: SQL): Promise<Definition[]> {
  const { rows } = await tx.execute<Definition>(sql`
    select format('drop index %s', indexrelid::regclass) as "drop", pg_get_indexdef(indexrelid) as "create"
    from pg_index where not indisunique and indrelid = ${filled}`)
  return rows
}
