import { expect } from 'vitest'
import type { Database } from '#db/client.ts'

/** How many of the tokens are revoked; each has as many audit rows as revocations. */
export async function revocationsOf(owner: Database, tokenIds: string[]): Promise<number> {
  const { rows } = await owner.$client.query(
    `select (select count(*)::int from revocations where token_id = any($1)) as revoked,
            (select count(*)::int from audit_events
             where token_id = any($1) and action = 'token.revoked') as audited`,
    [tokenIds],
  )
  expect(rows[0].audited).toBe(rows[0].revoked)
  return rows[0].revoked
}

/** How many of the sessions have not been ended. */
export async function liveOf(owner: Database, sessionIds: string[]): Promise<number> {
  const { rows } = await owner.$client.query(
    'select count(*)::int as live from sessions where id = any($1) and ended_at is null',
    [sessionIds],
  )
  return rows[0].live
}
