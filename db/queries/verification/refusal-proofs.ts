import { asc, eq, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { refusalProofAnswers, refusalProofs } from '../../schema/refusal-proofs.ts'
import { tokens } from '../../schema/tokens.ts'

/** The id of every question is sent on this channel of PostgreSQL's. */
export const refusalProofChannel = 'refusal_proofs'

/**
 * Puts the question to all processes of the gateway: one statement, so that whoever hears of it finds it.
 * @returns when, by the database's clock.
 */
export async function askForProof(
  db: Queryable,
  { id, tokenIds, cutOffId }: { id: string; tokenIds: string[]; cutOffId?: string | null },
) {
  const { rows } = await db.execute<{ asked_at: string }>(sql`
    with asked as (
      insert into ${refusalProofs} (id, asked_at, token_ids, cut_off_id)
      values (${id}, clock_timestamp(), ${sql.param(tokenIds)}::uuid[], ${cutOffId ?? null}::uuid)
      returning id, asked_at
    )
    select asked_at::text, pg_notify(${refusalProofChannel}, id::text) from asked`)
  return new Date(rows[0]?.asked_at ?? Number.NaN)
}

/** The questions of the last `withinMs` that the process has not answered, the oldest first. */
export async function listOpenProofs(
  db: Queryable,
  { processId, withinMs }: { processId: string; withinMs: number },
): Promise<string[]> {
  const { rows } = await db.execute<{ id: string }>(sql`
    select id from ${refusalProofs}
    where asked_at > clock_timestamp() - ${withinMs}::double precision * interval '1 millisecond'
      and not exists (
        select from ${refusalProofAnswers} where proof_id = ${refusalProofs.id} and process_id = ${processId}
      )
    order by asked_at
    limit 1000`)
  return rows.map((row) => row.id)
}

/** The tokens that the question is about, with their hashes in hexadecimal. */
export async function listTokensOfProof(
  db: Queryable,
  proofId: string,
): Promise<{ tokenId: string; hash: string }[]> {
  const { rows } = await db.execute<{ token_id: string; hash: string }>(sql`
    select ${tokens.id} as token_id, encode(${tokens.hash}, 'hex') as hash
    from ${refusalProofs}
    cross join unnest(${refusalProofs.tokenIds}) as asked (token_id)
    join ${tokens} on ${tokens.id} = asked.token_id
    where ${refusalProofs.id} = ${proofId}`)
  return rows.map(({ token_id: tokenId, hash }) => ({ tokenId, hash }))
}

/** Once for each process: a second answer is left out, and `false`. */
export async function insertProofAnswer(
  db: Queryable,
  answer: Omit<typeof refusalProofAnswers.$inferInsert, 'answeredAt'>,
): Promise<boolean> {
  const inserted = await db
    .insert(refusalProofAnswers)
    .values({ ...answer, answeredAt: sql`clock_timestamp()` })
    .onConflictDoNothing()
    .returning({ proofId: refusalProofAnswers.proofId })
  return inserted.length > 0
}

/** By the processes' names. */
export async function listProofAnswers(db: Queryable, proofId: string) {
  return db
    .select()
    .from(refusalProofAnswers)
    .where(eq(refusalProofAnswers.proofId, proofId))
    .orderBy(asc(refusalProofAnswers.processName), asc(refusalProofAnswers.processId))
}
