import { setTimeout as pause } from 'node:timers/promises'
import type { ClientBase } from 'pg'

/** Who holds a lease hears on this channel of PostgreSQL's that somebody waits for them. */
export const leaseChannel = 'gateway_leases'

/** A gateway hears at once and answers in a way there and back. */
const firstPausesMs = [2, 3, 5, 10]
const laterPauseMs = 20

/** Holders that may not know yet of something that is committed, and whether this wait is to wake them. */
const findUnaware = `
  select id, renewals, length_ms from gateway_leases
  where seen is null or exists (
    select from lease_changes
    where xid >= pg_snapshot_xmin(gateway_leases.seen) and not pg_visible_in_snapshot(xid, gateway_leases.seen))`

type Holder = { id: string; renewals: string; length_ms: number }

/**
 * Returns when no gateway answers calls from memory as if what is committed by now were not: each that holds a lease has said that it
 * knows, or a whole lease has passed since. A row of somebody silent goes, so that nobody waits for them again.
 * docs/decisions/032-leases.md.
 *
 * @param client of its own transaction nothing is under way on it.
 */
export async function awaitLeases(client: ClientBase): Promise<void> {
  const from = performance.now()
  let silent = await unaware(client)
  if (silent.length === 0) return
  const first = new Map(silent.map(({ id, renewals }) => [id, renewals]))
  const longestMs = Math.max(...silent.map(({ length_ms }) => length_ms))
  await client.query(`notify ${leaseChannel}`)
  for (let looks = 0; performance.now() - from < longestMs; looks++) {
    await pause(firstPausesMs[looks] ?? laterPauseMs)
    silent = await unaware(client)
    if (silent.length === 0) return
  }
  const unrenewed = silent.filter(({ id, renewals }) => first.get(id) === renewals)
  for (const { id, renewals } of unrenewed) {
    await client.query('delete from gateway_leases where id = $1 and renewals = $2', [id, renewals])
  }
}

async function unaware(client: ClientBase): Promise<Holder[]> {
  const { rows } = await client.query<Holder>({ name: 'find-unaware-lease-holders', text: findUnaware })
  return rows
}
