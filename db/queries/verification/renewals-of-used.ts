import { sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { liveTokens } from '../../schema/live-tokens.ts'
import { tokens } from '../../schema/tokens.ts'
import { liveSuccessor } from '../tokens/renewal-chains.ts'

/** Of the tokens those that were renewed, and since when: a live one goes on for them. */
export async function listRenewalsOf(
  db: Queryable,
  tokenIds: string[],
): Promise<{ tokenId: string; renewedAt: Date }[]> {
  const { rows } = await db.execute<{ tokenId: string; renewedAt: string }>(sql`
    select used.id as "tokenId", ${tokens.createdAt} as "renewedAt"
    from (select id from ${liveTokens} where id = any(${sql.param(tokenIds)}::uuid[]) and is_renewed offset 0) used
      cross join lateral (${liveSuccessor(sql`used.id`)} offset 0) next
      join ${tokens} on ${tokens.id} = next.first_id`)
  return rows.map(({ tokenId, renewedAt }) => ({ tokenId, renewedAt: new Date(renewedAt) }))
}
