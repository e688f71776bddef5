import { sql } from 'drizzle-orm'
import type { Queryable } from '../client.ts'
import { handovers } from '../schema/handovers.ts'
import { revocations } from '../schema/revocations.ts'
import { tokens } from '../schema/tokens.ts'
import { webhookEndpoints } from '../schema/webhook-endpoints.ts'

/**
 * Forgets the texts of tokens that nobody collected in time, or that have ended; at most `limit` of them. Waits for nobody:
 * what another has in hand stays.
 * @returns how many.
 */
export async function forgetLapsedHandovers(db: Queryable, limit: number): Promise<number> {
  const { rowCount } = await db.execute(sql`
    update ${handovers} set encrypted_text = null where token_id in (
      select ${handovers.tokenId} from ${handovers} join ${tokens} on ${tokens.id} = ${handovers.tokenId}
      where ${handovers.encryptedText} is not null and (
        ${handovers.collectUntil} <= now() or ${tokens.expiresAt} <= now()
        or exists (select from ${revocations} where ${revocations.tokenId} = ${handovers.tokenId})
      )
      limit ${limit} for update of ${sql.identifier('handovers')} skip locked
    )`)
  return rowCount ?? 0
}

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
