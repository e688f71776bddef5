import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { appRole, connect, type Database } from '#db/client.ts'
import { migrate } from '#db/migrate.ts'
import { dataFolder } from '#tools/checkout.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#tools/embedded-postgres/postgres.ts'
import { createTestDatabase, type TestDatabase } from '#tools/test-databases/test-database.ts'
import { isDatabaseOutage } from './database-outage.ts'
import { databaseState, isLoginTooMighty } from './database-state.ts'

const stateOf = (url: string) => ask(url, databaseState)

async function ask<T>(url: string, question: (db: Database) => Promise<T>): Promise<T> {
  const db = connect({ url, applicationName: 'test' })
  try {
    return await question(db)
  } finally {
    await db.$client.end()
  }
}

async function run(url: string, statement: string) {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}

describe('a migrated database', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await createTestDatabase()
  })
  afterEach(() => database.drop())

  test('is ready', async () => {
    expect(await stateOf(database.appUrl)).toEqual({ is: 'ready' })
    expect(await stateOf(database.ownerUrl)).toEqual({ is: 'ready' })
  })

  test('has a login that could rewrite the record only where the login owns the tables', async () => {
    expect(await ask(database.appUrl, isLoginTooMighty)).toBe(false)
    expect(await ask(database.ownerUrl, isLoginTooMighty)).toBe(true)
  })

  test.each([
    ['update', 'audit_events'],
    ['delete', 'revocations'],
    ['truncate', 'tokens'],
    ['update', 'cut_offs'],
    ['delete', 'kept_proofs'],
    ['update', 'bulk_plan_confirmations'],
    ['delete', 'token_adoptions'],
    ['update', 'pauses'],
    ['delete', 'resumes'],
  ])('is unsafe once our role may %s %s', async (privilege, table) => {
    await run(database.ownerUrl, `grant ${privilege} on ${table} to ${appRole}`)
    expect(await stateOf(database.appUrl)).toEqual({ is: 'record-unsafe' })
  })

  test.each([
    [
      'our role may make temporary tables',
      `do $$ begin execute format('grant temporary on database %I to public', current_database()); end $$`,
    ],
    ['a trigger of the record is disabled', 'alter table tokens disable trigger tokens_are_final'],
    ['one is missing', 'drop trigger audit_events_keep_their_time on audit_events'],
    ['that of the kept proofs is missing', 'drop trigger kept_proofs_are_final on kept_proofs'],
  ])('is unsafe once %s', async (_what, statement) => {
    await run(database.ownerUrl, statement)
    expect(await stateOf(database.appUrl)).toEqual({ is: 'record-unsafe' })
  })

  test('is unsafe while any trigger is disabled that keeps a table of the record as it is', async () => {
    const guards = [
      ...['audit_events', 'bulk_plan_confirmations', 'bulk_plan_ends', 'cut_offs', 'kept_proofs'],
      ...['revocations', 'token_adoptions', 'tokens'],
    ].map((table) => [table, `${table}_are_final`])
    guards.push(
      ...[
        ['bulk_plans', 'bulk_plans_stay_as_they_are'],
        ['bulk_plan_tokens', 'bulk_plan_tokens_stay_as_they_are'],
      ],
    )
    for (const [table, trigger] of guards) {
      const turn = (to: 'enable' | 'disable') => `alter table ${table} ${to} trigger ${trigger}`
      await run(database.ownerUrl, turn('disable'))
      expect([trigger, await stateOf(database.appUrl)]).toEqual([trigger, { is: 'record-unsafe' }])
      await run(database.ownerUrl, turn('enable'))
    }
    expect(await stateOf(database.appUrl)).toEqual({ is: 'ready' })
  })

  const forget = 'delete from drizzle.__drizzle_migrations where created_at = 1795936486924'
  test.each([
    ['a column', 'alter table stores drop column package', 'stores.package'],
    ['a table', 'drop table rate_limit_counters cascade', 'rate_limit_counters.key'],
    ['the right to read a table', `revoke all on orders from ${appRole}`, 'select on orders'],
    [
      'the right to change a column',
      `revoke update (apis) on partner_access from ${appRole}`,
      'update (apis) on partner_access',
    ],
    ['a migration', forget, 'the migration 0011_indexes-without-locks'],
    [
      'the right to see which',
      `revoke all on drizzle.__drizzle_migrations from ${appRole}`,
      'select on drizzle.__drizzle_migrations',
    ],
  ])('without %s is not migrated, and says what it lacks', async (_what, statement, lacking) => {
    await run(database.ownerUrl, statement)
    const state = await stateOf(database.appUrl)
    await migrate(database)
    expect(state).toEqual({ is: 'not-migrated', missing: expect.arrayContaining([lacking]) })
  })

  test('that a later version migrated is ready', async () => {
    await run(
      database.ownerUrl,
      `insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 4102444800000)`,
    )
    expect(await stateOf(database.appUrl)).toEqual({ is: 'ready' })
  })
})

describe('a server that was never migrated', () => {
  let server: EmbeddedPostgres
  beforeAll(async () => {
    server = await startEmbeddedPostgres({ dataDir: join(dataFolder, 'test'), durability: 'throwaway' })
  })
  afterAll(() => server.stop())

  test('is not migrated, without the role and with the role alone', async () => {
    expect(await stateOf(server.appUrl)).toEqual({ is: 'not-migrated', missing: [`the role ${appRole}`] })
    await run(
      server.ownerUrl,
      `create role ${appRole}; grant ${appRole} to ${new URL(server.appUrl).username}`,
    )
    expect(await stateOf(server.appUrl)).toMatchObject({ is: 'not-migrated' })
  })

  // Roles belong to the whole server: on a shared one this would stop the tests of other files.
  test('without the membership is not migrated, and says what it lacks', async () => {
    await migrate(server)
    await run(server.ownerUrl, `revoke ${appRole} from ${new URL(server.appUrl).username}`)
    expect(await stateOf(server.appUrl)).toEqual({
      is: 'not-migrated',
      missing: expect.arrayContaining([`the right of DATABASE_URL's login to work as ${appRole}`]),
    })
    await migrate(server)
    expect(await stateOf(server.appUrl)).toEqual({ is: 'ready' })
  })

  test('and one that does not answer has no state', async () => {
    const gone = Object.assign(new URL(server.appUrl), { port: '1' }).href
    const error = await stateOf(gone).catch((caught: unknown) => caught)
    expect(isDatabaseOutage(error)).toBe(true)
  })
})
