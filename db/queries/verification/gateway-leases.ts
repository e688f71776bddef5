import type { ClientBase, QueryResult } from 'pg'

/** What a lease's renewal brought. */
export type Renewal = {
  /** The lease began with it: whatever was known before counts for nothing. */
  isNew: boolean
  /** Which transactions the holder sees from now on; of PostgreSQL's form. */
  snapshot: string
  /** Every transaction below has ended. */
  oldestRunning: bigint
  /** Every transaction from here on begins after the renewal. */
  nextToBegin: bigint
  /** Of the database's clock. */
  now: Date
  /** Since the snapshot before: the tokens concerned of each change; null: any may be. */
  changes: (string[] | null)[]
}

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/
const snapshotForm = /^\d+:\d+:[\d,]*$/

/**
 * Begins or renews a lease, says what its holder knows (`seen`), and only after the commit of both looks at what was changed since. All
 * in one way there and back: the commit stands between statements of one message, which therefore has no parameters.
 */
export async function renewLease(
  client: ClientBase,
  { id, lengthMs, seen }: { id: string; lengthMs: number; seen: string | null },
): Promise<Renewal> {
  if (!uuid.test(id) || !(seen === null || snapshotForm.test(seen)) || !Number.isInteger(lengthMs)) {
    throw new Error('A lease is renewed by an id, a length and a snapshot.')
  }
  const known = seen === null ? 'null' : `'${seen}'::pg_snapshot`
  const answers = (await client.query(`
    begin;
    insert into gateway_leases (id, length_ms, seen) values ('${id}', ${lengthMs}, null)
      on conflict (id) do update set renewals = gateway_leases.renewals + 1, length_ms = excluded.length_ms, seen = ${known}
      returning xmax = 0 as is_new;
    commit;
    select now.snapshot::text, pg_snapshot_xmin(now.snapshot)::text as oldest_running, pg_snapshot_xmax(now.snapshot)::text as next_to_begin,
      clock_timestamp() as now, coalesce((
        select json_agg(token_ids) from lease_changes
        where xid >= pg_snapshot_xmin(${known}) and not pg_visible_in_snapshot(xid, ${known})), '[]') as changes
    from (select pg_current_snapshot() as snapshot) now;
  `)) as unknown as QueryResult[]
  const [, renewed, , looked] = answers
  const row = looked?.rows[0]
  if (!row || !renewed?.rows[0]) throw new Error('A lease was not renewed.')
  return {
    isNew: renewed.rows[0].is_new,
    snapshot: row.snapshot,
    oldestRunning: BigInt(row.oldest_running),
    nextToBegin: BigInt(row.next_to_begin),
    now: row.now,
    changes: row.changes,
  }
}

/** Of a holder that has stopped to answer from memory. */
export async function endLease(client: ClientBase, id: string) {
  await client.query('delete from gateway_leases where id = $1', [id])
}

/** Changes that every holder knows of. One that has seen nothing yet begins behind them. */
export async function pruneLeaseChanges(client: ClientBase) {
  await client.query(`
    delete from lease_changes
    where xid < coalesce((select min(pg_snapshot_xmin(seen)) from gateway_leases), pg_snapshot_xmin(pg_current_snapshot()))
      and not exists (select from gateway_leases where seen is null)`)
}
