import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { buildUser } from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'

const { db, owner } = prepareTestDatabase()

const operation = randomUUID()
let userId: string

/** A row of the outbox and of an inbox, as a version names the column: the application's role writes it. */
async function write(column: 'deed_id' | 'operation_id') {
  const event = `insert into events (kind, ${column}, occurred_at, store_id, partner_id)
    values ('token.revoked', $1, now(), 'harbor-books', '') returning deed_id, operation_id`
  const notice = `insert into notices (id, user_id, side, kind, ${column}, store_id, partner_id, token_count, occurred_at)
    values (gen_random_uuid(), $2, 'merchant', 'token.revoked', $1, 'harbor-books', '', 1, now())
    on conflict (user_id, side, ${column}, kind, store_id, partner_id) do nothing returning deed_id, operation_id`
  const events = await db.$client.query(event, [operation])
  const notices = await db.$client.query(notice, [operation, userId])
  return [events.rows, notices.rows]
}

test('an operation that a process of either version writes has both names, and one notice', async () => {
  userId = (await buildUser(owner)).id
  const both = [{ deed_id: operation, operation_id: operation }]
  expect(await write('deed_id')).toEqual([both, both])
  expect(await write('operation_id')).toEqual([both, []])
})

test('a heartbeat that a process of either version sends has both names', async () => {
  const send = async (id: string, column: 'beat_at' | 'heartbeat_at', seconds: number) => {
    const { rows } = await db.$client.query(
      `insert into gateway_processes (id, name, started_at, ${column}) values ($1, 'edge', now(), to_timestamp($2))
       on conflict (id) do update set ${column} = excluded.${column}
       returning extract(epoch from beat_at)::int as before, extract(epoch from heartbeat_at)::int as now`,
      [id, seconds],
    )
    return rows
  }
  for (const column of ['beat_at', 'heartbeat_at'] as const) {
    const id = randomUUID()
    expect(await send(id, column, 1_000)).toEqual([{ before: 1_000, now: 1_000 }])
    expect(await send(id, column, 1_002)).toEqual([{ before: 1_002, now: 1_002 }])
  }
})
