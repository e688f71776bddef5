import { and, eq, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { keptProofs } from '../../schema/kept-proofs.ts'
import { revocations } from '../../schema/revocations.ts'
import { inScope, type Party } from '../party.ts'

type NewProof = Omit<typeof keptProofs.$inferInsert, 'tokenId' | 'provedAt' | 'mayAccept'>
type MayAccept = NonNullable<typeof keptProofs.$inferInsert.mayAccept>

/**
 * The same for all of the tokens that have revocations: what only a cut-off ended has none yet. Once a token.
 * @param mayAccept `of` has the tokens with services of their own, by id; `others` holds for the rest.
 */
export async function insertKeptProofs(
  db: Queryable,
  tokenIds: string[],
  proof: NewProof,
  mayAccept: { of: Record<string, MayAccept>; others: MayAccept },
): Promise<void> {
  const { gateways, refused, accepting, refusedAfterMs, unlimited } = proof
  await db.execute(sql`
    insert into ${keptProofs} (token_id, proved_at, gateways, refused, accepting, refused_after_ms, may_accept, unlimited)
    select token_id, clock_timestamp(), ${gateways}::int, ${refused}::int, ${accepting}::int, ${refusedAfterMs ?? null}::int,
      coalesce(${JSON.stringify(mayAccept.of)}::jsonb -> token_id::text, ${JSON.stringify(mayAccept.others)}::jsonb),
      ${sql.param(unlimited ?? null)}::text[]
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
      mayAccept: keptProofs.mayAccept,
      unlimited: keptProofs.unlimited,
    })
    .from(keptProofs)
    .innerJoin(revocations, eq(revocations.tokenId, keptProofs.tokenId))
    .where(and(eq(keptProofs.tokenId, tokenId), inScope(scope, revocations)))
  return proof ?? null
}
