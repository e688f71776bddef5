import { and, eq, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { keptProofs } from '../../schema/kept-proofs.ts'
import { revocations } from '../../schema/revocations.ts'
import { inScope, type Party } from '../party.ts'

type NewProof = Omit<typeof keptProofs.$inferInsert, 'tokenId' | 'provedAt'>

/** The same for all of the tokens that have revocations: what only a cut-off ended has none yet. Once a token. */
export async function insertKeptProofs(db: Queryable, tokenIds: string[], proof: NewProof): Promise<void> {
  const { gateways, refused, accepting, refusedAfterMs } = proof
  await db.execute(sql`
    insert into ${keptProofs} (token_id, proved_at, gateways, refused, accepting, refused_after_ms)
    select token_id, clock_timestamp(), ${gateways}::int, ${refused}::int, ${accepting}::int, ${refusedAfterMs ?? null}::int
    from unnest(${sql.param(tokenIds)}::uuid[]) as asked (token_id) join ${revocations} using (token_id)
    on conflict do nothing`)
}

/** What was proven of the revocation of a token; null where nothing was, or the token is not in scope. */
export async function findKeptProof(db: Queryable, scope: Party, tokenId: string) {
  const [proof] = await db
    .select({
      provedAt: keptProofs.provedAt,
      gateways: keptProofs.gateways,
      refused: keptProofs.refused,
      accepting: keptProofs.accepting,
      refusedAfterMs: keptProofs.refusedAfterMs,
    })
    .from(keptProofs)
    .innerJoin(revocations, eq(revocations.tokenId, keptProofs.tokenId))
    .where(and(eq(keptProofs.tokenId, tokenId), inScope(scope, revocations)))
  return proof ?? null
}
