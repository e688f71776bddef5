import { sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { handovers } from '../../schema/handovers.ts'
import { webhookEndpoints } from '../../schema/webhook-endpoints.ts'

const kept = {
  handovers: { table: sql`${handovers}`, id: sql`token_id`, sealed: sql`encrypted_text` },
  webhookEndpoints: { table: sql`${webhookEndpoints}`, id: sql`id`, sealed: sql`encrypted_secret` },
} as const

export type KeptSecrets = keyof typeof kept

/** What is encrypted under another key than `keyName`, locked until we commit; at most `limit`, after `afterId`. */
export async function lockSecretsUnderOtherKeys(
  tx: Queryable,
  of: KeptSecrets,
  { keyName, afterId, limit }: { keyName: string; afterId: string; limit: number },
): Promise<{ id: string; sealed: string }[]> {
  const { table, id, sealed } = kept[of]
  const { rows } = await tx.execute<{ id: string; sealed: string }>(sql`
    select ${id} as id, ${sealed} as sealed from ${table}
    where ${sealed} is not null and not starts_with(${sealed}, ${`${keyName}.`}) and ${id} > ${afterId}::uuid
    order by ${id} limit ${limit} for update skip locked`)
  return rows
}

export async function replaceSecrets(
  tx: Queryable,
  of: KeptSecrets,
  list: { given_id: string; sealed: string }[],
) {
  if (list.length === 0) return
  const { table, id, sealed } = kept[of]
  await tx.execute(sql`
    update ${table} as kept set ${sealed} = given.sealed
    from jsonb_to_recordset(${JSON.stringify(list)}::jsonb) as given (given_id uuid, sealed text)
    where kept.${id} = given.given_id`)
}
