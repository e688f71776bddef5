import { sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { type checkKinds, tokenChecks } from '../../schema/token-checks.ts'

export type TokenCheck = { kind: (typeof checkKinds)[number]; tokenId: string; dueAt: string }

/**
 * Takes checks out that are due by the database's clock, the longest due first. One that is written meanwhile stays, also of
 * the same token: what it was written for may not be seen yet. Passes over what others take.
 */
export async function takeDueChecks(
  tx: Queryable,
  kind: TokenCheck['kind'],
  limit: number,
): Promise<string[]> {
  const { rows } = await tx.execute<{ token_id: string }>(sql`
    delete from ${tokenChecks} where ctid = any(array(
      select ctid from ${tokenChecks}
      where ${tokenChecks.kind} = ${kind} and ${tokenChecks.dueAt} <= statement_timestamp()
      order by ${tokenChecks.dueAt}, ${tokenChecks.tokenId} limit ${limit} for update skip locked
    )) returning token_id`)
  return [...new Set(rows.map((row) => row.token_id))]
}

export async function insertChecks(tx: Queryable, list: TokenCheck[]) {
  if (list.length === 0) return
  await tx.execute(sql`
    insert into ${tokenChecks} (kind, token_id, due_at)
    select kind, "tokenId", "dueAt" from jsonb_to_recordset(${JSON.stringify(list)}::jsonb)
      as given (kind text, "tokenId" uuid, "dueAt" timestamptz)
    on conflict do nothing`)
}
