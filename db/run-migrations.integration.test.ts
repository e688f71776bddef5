import { Client } from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '#tools/test-databases/test-database.ts'
import { type Migration, readMigration } from './migration-files.ts'
import { runMigrations } from './run-migrations.ts'

let database: TestDatabase
let client: Client
let other: Client
beforeEach(async () => {
  database = await createTestDatabase()
  client = await connected()
  other = await connected()
  await client.query('create table hot (id int); insert into hot values (1), (1)')
})
afterEach(async () => {
  await Promise.all([client.end(), other.end()])
  await database.drop()
})

async function connected() {
  const made = new Client({ connectionString: database.ownerUrl, application_name: 'somebody else' })
  await made.connect()
  return made
}

/** Later than those of db/migrations. */
const future = 4_102_444_800_000
const file = (n: number, text: string): Migration => ({
  tag: `file_${n}`,
  when: future + n,
  ...readMigration(text),
})

async function columns() {
  const { rows } = await other.query(
    `select attname as name from pg_attribute where attrelid = 'hot'::regclass and attnum > 1 order by attnum`,
  )
  return rows.map((row) => row.name)
}

const untilWaiting = (mode: string) =>
  expect
    .poll(async () => {
      const { rows } = await other.query(
        `select mode from pg_locks where relation = 'hot'::regclass and not granted`,
      )
      return rows
    })
    .toEqual([{ mode }])

test('a file that fails leaves those before it done, and itself undone', async () => {
  const migrations = [
    file(1, 'alter table hot add column a int'),
    file(
      2,
      'alter table hot add column b int;\n--> statement-breakpoint\nalter table nobody add column c int',
    ),
  ]
  await expect(runMigrations(client, { migrations })).rejects.toThrow(
    'file_2: relation "nobody" does not exist',
  )
  expect(await columns()).toEqual(['a'])
  await other.query('create table nobody ()')
  await runMigrations(client, { migrations })
  expect(await columns()).toEqual(['a', 'b'])
})

test('a file is run that another branch dated before the last one that was', async () => {
  const [early, late] = [file(1, 'alter table hot add column early int'), file(2, 'select 1')]
  await runMigrations(client, { migrations: [late] })
  await runMigrations(client, { migrations: [early, late] })
  expect(await columns()).toEqual(['early'])
})

test('a file whose text was amended is not run again', async () => {
  await runMigrations(client, { migrations: [file(1, 'select 1')] })
  await runMigrations(client, { migrations: [file(1, 'alter table hot add column again int')] })
  expect(await columns()).toEqual([])
})

test('readers pass while a long transaction keeps a migration from its lock', async () => {
  await other.query('begin; select from hot')
  const migrating = runMigrations(client, { migrations: [file(1, 'alter table hot add column a int')] })
  await untilWaiting('AccessExclusiveLock')
  // Each comes behind the migration, which would keep it until the other transaction ends.
  const reader = await connected()
  for (let n = 0; n < 5; n++) await reader.query('select from hot')
  await reader.end()
  await other.query('commit')
  await migrating
  expect(await columns()).toEqual(['a'])
})

test('a vacuum, which gives way after a second only, is waited for without keeping anybody', async () => {
  await other.query('begin; lock table hot in share update exclusive mode')
  const migrating = runMigrations(client, {
    migrations: [file(1, 'alter table hot add column a int')],
    maxTries: 1,
  })
  await untilWaiting('ShareUpdateExclusiveLock')
  await other.query('commit')
  await migrating
  expect(await columns()).toEqual(['a'])
})

test('what calls read is not locked while a lock on another table is waited for', async () => {
  await other.query('begin; select from hot')
  const text =
    'alter table revocations add column a int;\n--> statement-breakpoint\nalter table hot add column a int'
  const migrating = runMigrations(client, { migrations: [file(1, text)] })
  await untilWaiting('AccessExclusiveLock')
  const { rows } = await other.query(
    `select from pg_locks where relation = 'revocations'::regclass and mode = 'AccessExclusiveLock'`,
  )
  await other.query('commit')
  await migrating
  expect(rows).toEqual([])
})

test('calls pass while a file does what comes before the table that they read', async () => {
  await other.query('create table signal (id int)')
  const untilSignal = `do $$ begin
    while not exists (select from signal) loop perform pg_sleep(0.01); end loop; end $$`
  const text = [
    untilSignal,
    'alter table hot add column a int',
    'alter table revocations add column a int',
  ].join('\n--> statement-breakpoint\n')
  const migrating = runMigrations(client, { migrations: [file(1, text)] })
  await expect
    .poll(async () => {
      const { rows } = await other.query(
        `select mode from pg_locks where relation = 'hot'::regclass and mode = 'AccessExclusiveLock' and granted`,
      )
      return rows.length
    })
    .toBe(1)
  await other.query(`set statement_timeout = 5000; select from revocations; reset statement_timeout`)
  await other.query('insert into signal values (1)')
  await migrating
  expect(await columns()).toEqual(['a'])
})

test('one that never gets its lock says who holds it, and nothing of it was done', async () => {
  await other.query('begin; select from hot')
  const migrations = [
    file(1, 'create table beside ();\n--> statement-breakpoint\nalter table hot add column a int'),
  ]
  await expect(runMigrations(client, { migrations, maxTries: 2 })).rejects.toThrow(
    /^file_1: others held a lock .* each of 2 tries.* \(somebody else\) on hot/,
  )
  await other.query('commit')
  expect((await other.query(`select to_regclass('beside') as beside`)).rows).toEqual([{ beside: null }])
  await runMigrations(client, { migrations })
  expect(await columns()).toEqual(['a'])
})

test('an index that was left invalid is made again', async () => {
  const migrations = [
    file(
      1,
      '-- runs outside a transaction\ncreate unique index concurrently if not exists hot_once on hot (id);',
    ),
  ]
  const isValid = async () =>
    (await other.query(`select indisvalid as valid from pg_index where indexrelid = to_regclass('hot_once')`))
      .rows
  await expect(runMigrations(client, { migrations })).rejects.toThrow('could not create unique index')
  expect(await isValid()).toEqual([{ valid: false }])
  await other.query('delete from hot where ctid = (select min(ctid) from hot)')
  await runMigrations(client, { migrations })
  expect(await isValid()).toEqual([{ valid: true }])
})

test('a file outside of a transaction is recorded once all of it is done', async () => {
  const migrations = [
    file(
      1,
      '-- runs outside a transaction\ncreate index concurrently if not exists first on hot (id);\n--> statement-breakpoint\ncreate index concurrently if not exists second on later (id);',
    ),
  ]
  await expect(runMigrations(client, { migrations })).rejects.toThrow('relation "later" does not exist')
  await other.query('create table later (id int)')
  await runMigrations(client, { migrations })
  expect(
    (
      await other.query(
        `select to_regclass('first') is not null and to_regclass('second') is not null as all`,
      )
    ).rows,
  ).toEqual([{ all: true }])
})
