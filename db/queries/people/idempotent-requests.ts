import { sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { idempotentRequests } from '../../schema/idempotent-requests.ts'

type Key = { credentialId: string; keyHash: Buffer }

/**
 * Takes the key for a request, by the database's clock: a new one, one that is older than `keptHours`, or the same request again whose process
 * has said nothing for `diedAfterMs`.
 * @returns `taken`: it is to be done now. Else what the key stands for: another request, this one under way, or its answer.
 */
export async function takeIdempotencyKey(
  db: Queryable,
  { credentialId, keyHash }: Key,
  { requestHash, keptHours, diedAfterMs }: { requestHash: Buffer; keptHours: number; diedAfterMs: number },
): Promise<'taken' | { isSame: boolean; status: number | null; answer: string | null }> {
  const { rowCount } = await db.execute(sql`
    insert into ${idempotentRequests} as kept (credential_id, key_hash, request_hash, created_at)
    values (${credentialId}, ${keyHash}, ${requestHash}, clock_timestamp())
    on conflict (credential_id, key_hash) do update
      set request_hash = excluded.request_hash, created_at = excluded.created_at, status = null, answer = null
      where kept.created_at < excluded.created_at - make_interval(hours => ${keptHours})
        or (kept.status is null and kept.request_hash = excluded.request_hash
          and kept.created_at < excluded.created_at - make_interval(secs => ${diedAfterMs / 1_000}))`)
  if (rowCount === 1) return 'taken'
  const { rows } = await db.execute<{ isSame: boolean; status: number | null; answer: string | null }>(sql`
    select request_hash = ${requestHash} as "isSame", status, answer from ${idempotentRequests}
    where credential_id = ${credentialId} and key_hash = ${keyHash}`)
  // Deleted in between: it was too old, or failed.
  return rows[0] ?? { isSame: true, status: null, answer: null }
}

export async function keepAnswer(
  db: Queryable,
  { credentialId, keyHash }: Key,
  { status, answer }: { status: number; answer: string },
) {
  await db.execute(sql`
    update ${idempotentRequests} set status = ${status}, answer = ${answer}
    where credential_id = ${credentialId} and key_hash = ${keyHash}`)
}

/** Of a request that was not done: it may be sent again under the same key. */
export async function forgetKey(db: Queryable, { credentialId, keyHash }: Key) {
  await db.execute(sql`
    delete from ${idempotentRequests}
    where credential_id = ${credentialId} and key_hash = ${keyHash} and status is null`)
}

/** @returns how many, `limit` at most. */
export async function deleteKeptAnswersBefore(db: Queryable, before: Date, limit: number): Promise<number> {
  const { rowCount } = await db.execute(sql`
    delete from ${idempotentRequests} where (credential_id, key_hash) in (
      select credential_id, key_hash from ${idempotentRequests} where created_at < ${before.toISOString()}::timestamptz limit ${limit})`)
  return rowCount ?? 0
}
