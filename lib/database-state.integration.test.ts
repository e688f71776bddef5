import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { appRole, connect, type Database } from '#db/client.ts'
import { dataFolder } from '#db/embedded/launch/checkout.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#db/embedded/postgres.ts'
import { createTestDatabase, type TestDatabase } from '#db/embedded/testing/test-database.ts'
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
    expect(await stateOf(database.appUrl)).toBe('ready')
    expect(await stateOf(database.ownerUrl)).toBe('ready')
  })

  test('has a login that could rewrite the record only where the login owns the tables', async () => {
    expect(await ask(database.appUrl, isLoginTooMighty)).toBe(false)
    expect(await ask(database.ownerUrl, isLoginTooMighty)).toBe(true)
  })

  test.each([
    ['update', 'audit_events'],
    ['delete', 'revocations'],
    ['truncate', 'tokens'],
  ])('is unsafe once our role may %s %s', async (privilege, table) => {
    await run(database.ownerUrl, `grant ${privilege} on ${table} to ${appRole}`)
    expect(await stateOf(database.appUrl)).toBe('record-unsafe')
  })

  test.each([
    ['a column', 'alter table stores drop column package'],
    ['a table', 'drop table rate_limit_counters cascade'],
    ['the right to read a table', `revoke all on orders from ${appRole}`],
  ])('without %s is not migrated', async (_what, statement) => {
    await run(database.ownerUrl, statement)
    expect(await stateOf(database.appUrl)).toBe('not-migrated')
  })
})

describe('a server that was never migrated', () => {
  let server: EmbeddedPostgres
  beforeAll(async () => {
    server = await startEmbeddedPostgres({ dataDir: join(dataFolder, 'test'), durability: 'throwaway' })
  })
  afterAll(() => server.stop())

  test('is not migrated, without the role and with the role alone', async () => {
    expect(await stateOf(server.appUrl)).toBe('not-migrated')
    await run(
      server.ownerUrl,
      `create role ${appRole}; grant ${appRole} to ${new URL(server.appUrl).username}`,
    )
    expect(await stateOf(server.appUrl)).toBe('not-migrated')
  })

  test('and one that does not answer has no state', async () => {
    const gone = Object.assign(new URL(server.appUrl), { port: '1' }).href
    const error = await stateOf(gone).catch((caught: unknown) => caught)
    expect(isDatabaseOutage(error)).toBe(true)
  })
})
