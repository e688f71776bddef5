import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { buildUser } from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { connect } from './client.ts'

const { owner, ownerUrl } = prepareTestDatabase()

/** What the login may do that owns every table, when the application connects with it. */
async function asApplication<T>(work: (db: ReturnType<typeof connect>) => Promise<T>): Promise<T> {
  const db = connect({ url: ownerUrl, applicationName: 'test' })
  try {
    return await work(db)
  } finally {
    await db.$client.end()
  }
}

test('every connection works as the application, however mighty its login is', async () => {
  const query = sql`select current_user, pg_sleep(0.02)`
  const roles = await asApplication(async (db) => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => db.execute(query)))
    return answers.map(({ rows }) => rows[0]?.current_user)
  })
  expect(new Set(roles)).toEqual(new Set(['partner_tokens_app']))
  const { rows } = await owner.execute(sql`select current_user <> 'partner_tokens_app' as is_owner`)
  expect(rows).toEqual([{ is_owner: true }])
})

test('a connection that is ended in the middle of a transaction fails the transaction and nothing else', async () => {
  await asApplication(async (db) => {
    const transaction = db.transaction(async (tx) => {
      const { rows } = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)
      await owner.execute(sql`select pg_terminate_backend(${rows[0]?.pid})`)
      // Until the client has noticed, with no statement under way that could fail.
      const isGone = sql`select from pg_stat_activity where pid = ${rows[0]?.pid}`
      await expect.poll(async () => (await owner.execute(isGone)).rowCount).toBe(0)
      await tx.execute(sql`select 1`)
    })
    await expect(transaction).rejects.toThrow()
    expect((await db.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }])
  })
})

test('a connection that is stuck in a transaction is not used again', async () => {
  const db = connect({ url: ownerUrl, applicationName: 'test', maxConnections: 1, queryTimeoutMs: 200 })
  const stuck = db.transaction((tx) => tx.execute(sql`select pg_sleep(2)`))
  await expect(stuck).rejects.toThrow()
  expect((await db.transaction((tx) => tx.execute(sql`select 1 as one`))).rows).toEqual([{ one: 1 }])
  await db.$client.end()
})

test('no temporary table comes before one of the record', async () => {
  await asApplication(async (db) => {
    const made = db.execute(sql`create temporary table revocations (token_id uuid)`)
    await expect(made).rejects.toMatchObject({ cause: { code: '42501' } })
    const { rows } = await db.execute(sql`select current_setting('search_path') as path`)
    expect(rows).toEqual([{ path: 'public, pg_temp' }])
  })
})

test('what the application notes in the record has the time at which it was noted', async () => {
  await asApplication(async (db) => {
    for (const at of ['2020-01-01', '2099-01-01']) {
      await db.execute(
        sql`insert into audit_events (occurred_at, action, note) values (${at}, 'signed-in', ${at})`,
      )
    }
    const { rows } = await db.execute(sql`
      select count(*)::int from audit_events
      where note in ('2020-01-01', '2099-01-01') and occurred_at between now() - interval '1 minute' and now()`)
    expect(rows).toEqual([{ count: 2 }])
  })
})

test('a login that owns the tables cannot change what is on record, nor make that possible', async () => {
  await owner.execute(sql`insert into audit_events (occurred_at, action) values (now(), 'signed-in')`)
  await buildUser(owner)
  await asApplication(async (db) => {
    for (const statement of [
      sql`delete from audit_events`,
      sql`update audit_events set note = 'x'`,
      sql`truncate audit_events`,
      sql`alter table audit_events disable trigger all`,
      sql`update tokens set expires_at = now()`,
      sql`update users set email = 'x'`,
      sql`update invitations set expires_at = now()`,
      sql`update invitations set hash = sha256('x')`,
      sql`update users set is_operator = true`,
      sql`insert into users (id, email, name, is_operator) values (gen_random_uuid(), 'op@example.com', 'x', true)`,
      sql`insert into users (id, email, name, is_operator) values (gen_random_uuid(), 'op@example.com', 'x', false)`,
    ]) {
      await expect(db.execute(statement)).rejects.toMatchObject({ cause: { code: '42501' } })
    }
  })
  const { rows } = await owner.execute(
    sql`select count(*)::int as count from audit_events where note is null`,
  )
  expect(rows).toEqual([{ count: 1 }])
})
