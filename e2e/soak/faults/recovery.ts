import { setTimeout as pause } from 'node:timers/promises'
import type { Pool } from 'pg'
import type { Member } from './stage.ts'

const startWithinMs = 240_000
const recoverWithinMs = 120_000
const noticeWithinMs = 15_000
const settleWithinMs = 240_000

/** Six processes start at once. */
export const untilAllStarted = (stage: { members: Member[] }) =>
  untilAll(stage, { say: 'ready', withinMs: startWithinMs })

/** @returns how long it took. Throws where one does not recover by itself. */
export const untilAllReady = (stage: { members: Member[] }) =>
  untilAll(stage, { say: 'ready', withinMs: recoverWithinMs })

/** The same of a database that is lost: all say so at `/readyz`. */
export const untilNoneReady = (stage: { members: Member[] }) =>
  untilAll(stage, { say: 'not ready', withinMs: noticeWithinMs })

type Awaited = { say: 'ready' | 'not ready'; withinMs: number }

async function untilAll({ members }: { members: Member[] }, { say, withinMs }: Awaited): Promise<number> {
  const startedAt = performance.now()
  await Promise.all(
    members.map(async ({ name, healthUrl }) => {
      for (;;) {
        const signal = AbortSignal.timeout(3_000)
        const status = await fetch(healthUrl, { signal }).then(
          (answer) => answer.body?.cancel().then(() => answer.status),
          () => undefined,
        )
        if (status === (say === 'ready' ? 200 : 503)) return
        if (performance.now() - startedAt > withinMs)
          throw new Error(`${name} does not say that it is ${say}.`)
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
