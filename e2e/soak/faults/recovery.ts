import { setTimeout as pause } from 'node:timers/promises'
import type { Pool } from 'pg'
import type { Member } from './stage.ts'

const recoverWithinMs = 60_000
const settleWithinMs = 240_000

/** @returns how long it took. Throws where one does not recover by itself. */
export async function untilAllReady({ members }: { members: Member[] }): Promise<number> {
  const startedAt = performance.now()
  await Promise.all(
    members.map(async ({ name, healthUrl }) => {
      for (;;) {
        const signal = AbortSignal.timeout(3_000)
        const ready = await fetch(healthUrl, { signal }).then(
          ({ status }) => status === 200,
          () => false,
        )
        if (ready) return
        if (performance.now() - startedAt > recoverWithinMs) throw new Error(`${name} did not recover.`)
        await pause(200)
      }
    }),
  )
  return performance.now() - startedAt
}

/** Until nothing waits to be sent. What would be tried again hours later is tried now: so much time passes. */
export async function settle(owner: Pool) {
  const startedAt = performance.now()
  for (;;) {
    await owner.query(
      `update pgboss.job set start_after = now() where state in ('created', 'retry') and start_after > now()`,
    )
    await owner.query(
      `update webhook_deliveries set next_attempt_at = now() where state = 'waiting' and next_attempt_at > now()`,
    )
    const { rows } = await owner.query<{ waiting: number }>(
      `select (select count(*) from events where dispatched_at is null)::int
            + (select count(*) from mails where sent_at is null)::int
            + (select count(*) from webhook_deliveries where state = 'waiting')::int as waiting`,
    )
    const waiting = rows[0]?.waiting ?? 0
    if (waiting === 0) break
    if (performance.now() - startedAt > settleWithinMs) break
    await pause(1_000)
  }
}
