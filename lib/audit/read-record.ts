import { setTimeout } from 'node:timers/promises'
import { listAuditEventsOfParty, listWriters, stillWriting } from '#db/queries/audit-events.ts'
import type { Actor } from '../access/actor.ts'
import { rowsAtOnce } from '../downloads/limits.ts'
import { withActorKind } from '../events/actor-kind.ts'
import type { Database } from '../process/database.ts'
import { ok, type Result, refuse } from '../result.ts'

type Row = Awaited<ReturnType<typeof listAuditEventsOfParty>>[number]
export type RecordedEvent = ReturnType<typeof withActorKind<Row>>

/** Transactions that write the record are over in a moment; larger ones in a few seconds. */
const waitForWritersMs = 5_000
const lookAgainMs = 25

/**
 * The whole record of the actor's store or partner behind the row `after`, the oldest first, in batches: each row once, also for who
 * comes back with the number of the last one. `writers`: somebody writes for longer than {@link waitForWritersMs}, and what they write may belong
 * between what is there.
 */
export async function readRecord(
  actor: Actor,
  { after }: { after: number },
  { db, waitMs = waitForWritersMs }: { db: Database; waitMs?: number },
): Promise<Result<AsyncGenerator<RecordedEvent[], void>, 'writers'>> {
  const { newest, writers } = await listWriters(db)
  const givenUpAt = performance.now() + waitMs
  for (let left = writers; left.length > 0; left = await stillWriting(db, left)) {
    if (performance.now() > givenUpAt) return refuse('writers')
    await setTimeout(lookAgainMs)
  }
  return ok(batchesOf(actor, { after, upTo: newest }, db))
}

async function* batchesOf(actor: Actor, { after, upTo }: { after: number; upTo: number }, db: Database) {
  let last = after
  for (;;) {
    const rows = await listAuditEventsOfParty(db, actor, { after: last, upTo, limit: rowsAtOnce })
    if (rows.length > 0) yield rows.map(withActorKind)
    if (rows.length < rowsAtOnce) return
    last = rows.at(-1)?.id ?? upTo
  }
}
