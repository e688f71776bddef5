import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { Client } from 'pg'
import { RateLimiterPostgres } from 'rate-limiter-flexible'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dataFolder } from '#tools/checkout.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#tools/embedded-postgres/postgres.ts'
import { AppRoleMissing, appRole, connect } from './client.ts'
import { migrate } from './migrate.ts'
import { readMigrations } from './migration-files.ts'
import { type Privilege, statedPrivileges } from './privileges.ts'

/** A server of its own: roles belong to the whole of it, and this one has none of ours yet. */
let server: EmbeddedPostgres
beforeAll(async () => {
  server = await startEmbeddedPostgres({ dataDir: join(dataFolder, 'test'), durability: 'throwaway' })
})
afterAll(() => server.stop())

const inDatabase = (url: string, name: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href

async function createEmptyDatabase(name: string) {
  await ask(server.ownerUrl, `create database ${name}`)
  return { ownerUrl: inDatabase(server.ownerUrl, name), appUrl: inDatabase(server.appUrl, name) }
}

async function ask(url: string, query: string) {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(query)).rows
  } finally {
    await client.end()
  }
}

const migrations = 'select count(*)::int as count from drizzle.__drizzle_migrations'

test('a server that was never migrated says that the role is missing', async () => {
  const db = connect({ url: server.appUrl, applicationName: 'test' })
  const error = await db.execute(sql`select 1`).catch((caught: unknown) => caught as Error)
  await db.$client.end()
  expect((error as Error).cause).toBeInstanceOf(AppRoleMissing)
  expect(((error as Error).cause as Error).message).toContain('the database is not migrated')
})

test('the role may be made by somebody else at the same moment', async () => {
  const urls = await createEmptyDatabase('raced')
  const rival = new Client({ connectionString: server.ownerUrl })
  await rival.connect()
  await rival.query(`begin; create role ${appRole}`)
  const migrating = migrate(urls)
  const waits = () => ask(server.ownerUrl, `select from pg_locks where not granted`)
  await expect.poll(waits, { timeout: 20_000 }).not.toEqual([])
  await rival.query('commit')
  await rival.end()
  await migrating
  expect(await ask(urls.ownerUrl, migrations)).not.toEqual([])
})

test('four machines may migrate an empty database at once, and another one beside it', async () => {
  const [one, other] = [await createEmptyDatabase('one'), await createEmptyDatabase('other')]
  await Promise.all([one, one, one, one, other].map(migrate))
  const [once] = await ask(other.ownerUrl, migrations)
  expect(await ask(one.ownerUrl, migrations)).toEqual([once])
  expect(once.count).toBeGreaterThan(0)
  await migrate(one)
  expect(await ask(one.ownerUrl, migrations)).toEqual([once])
})

test('the application’s login, which owns nothing, works as the application afterwards', async () => {
  const { appUrl } = await createEmptyDatabase('granted').then(async (urls) => {
    await migrate(urls)
    return urls
  })
  const db = connect({ url: appUrl, applicationName: 'test' })
  const { rows } = await db.execute(sql`select current_user, count(*)::int as stores from stores`)
  await db.$client.end()
  expect(rows).toEqual([{ current_user: 'partner_tokens_app', stores: 0 }])
})

test('what PostgreSQL says is thrown, and the next migration goes on', async () => {
  const urls = await createEmptyDatabase('broken')
  await ask(urls.ownerUrl, 'create table stores ()')
  await expect(migrate(urls)).rejects.toThrow()
  await ask(urls.ownerUrl, 'drop table stores')
  await migrate(urls)
})

test('an upgrade knows successors that were in use before as adopted', async () => {
  const urls = await createEmptyDatabase('grown')
  const firstSix = readMigrations().slice(0, 6)
  await migrate({ ...urls, migrations: firstSix })
  const client = new Client({ connectionString: urls.ownerUrl })
  await client.connect()
  try {
    const [old, used, unused] = [1, 2, 3].map((n) => `01900000-0000-7000-8000-00000000000${n}`)
    await client.query(`
      insert into stores (id, name, package) values ('harbor-books', 'Harbor Books', 'standard');
      insert into partners (id, name) values ('ypa-000000000001', 'Parcel Pilot');
      insert into partner_access (store_id, partner_id, store_name, partner_name, apis)
        values ('harbor-books', 'ypa-000000000001', 'Harbor Books', 'Parcel Pilot', '{order}');
      insert into tokens (id, hash, last_characters, store_id, partner_id, predecessor_id, created_at, expires_at)
        select id::uuid, sha256(id::bytea), 'wxyz', 'harbor-books', 'ypa-000000000001', before::uuid, now(), now() + interval '1 year'
        from (values ('${old}', null), ('${used}', '${old}'), ('${unused}', '${old}')) made (id, before);
      insert into token_usage (token_id, last_used_at) values ('${old}', now()), ('${used}', '2026-05-06T07:08:09Z')`)
  } finally {
    await client.end()
  }
  await migrate(urls)
  expect(
    await ask(urls.ownerUrl, 'select right(token_id::text, 1) as token, adopted_at from token_adoptions'),
  ).toEqual([{ token: '2', adopted_at: new Date('2026-05-06T07:08:09Z') }])
})

test('a web server of the version before counts guesses on, in the same buckets', async () => {
  const urls = await createEmptyDatabase('renamed')
  await migrate(urls)
  const db = connect({ url: urls.appUrl, applicationName: 'test' })
  const limiterIn = (tableName: string) =>
    new RateLimiterPostgres({
      ...{ storeClient: db.$client, storeType: 'pool', tableCreated: true, clearExpiredByTimeout: false },
      ...{ tableName, keyPrefix: 'account', points: 3, duration: 60 },
    })
  const [before, now] = [limiterIn('sign_in_attempts'), limiterIn('rate_limit_counters')]
  const left = []
  for (const limiter of [before, now, before]) left.push((await limiter.consume('key')).remainingPoints)
  await before.delete('key')
  left.push((await now.consume('key')).remainingPoints)
  await db.$client.end()
  expect(left).toEqual([2, 1, 0, 2])
})

/** What the application's role has on the tables of the database, as the migrations write it. */
const grantsIn = (url: string) =>
  ask(
    url,
    `select relname, lower(privilege_type) as privilege, attname::text as name
     from (
       select relname, relacl as acl, null as attname from pg_class where relnamespace = 'public'::regnamespace
       union all
       select relname, attacl, attname from pg_attribute join pg_class on pg_class.oid = attrelid
       where relnamespace = 'public'::regnamespace
     ) granted, aclexplode(acl) join pg_roles on pg_roles.oid = grantee
     where rolname = '${appRole}' order by 1, 2, 3`,
  )

const asRows = (privileges: readonly Privilege[]) =>
  privileges.flatMap(({ table, privilege, columns }) =>
    (columns ?? [null]).map((name) => ({ relname: table, privilege, name })),
  )

test('the privileges are those that the migrations state, no more and no fewer', async () => {
  const urls = await createEmptyDatabase('privileges')
  await migrate(urls)
  const granted = await grantsIn(urls.ownerUrl)
  expect(granted.length).toBeGreaterThan(100)
  expect(new Set(granted.map((row) => JSON.stringify(row)))).toEqual(
    new Set(asRows(statedPrivileges()).map((row) => JSON.stringify(row))),
  )
})

test('what was lost with the role, as a restored dump loses it, comes back with db:migrate and is named', async () => {
  const urls = await createEmptyDatabase('restored')
  await migrate(urls)
  const before = await grantsIn(urls.ownerUrl)
  // What is granted on the database itself is not in a dump: the new one has PostgreSQL's default.
  await ask(
    urls.ownerUrl,
    `drop owned by ${appRole}; revoke ${appRole} from app; grant temporary on database restored to public`,
  )
  expect(await grantsIn(urls.ownerUrl)).toEqual([])
  const messages: string[] = []
  await migrate({ ...urls, onProgress: (message) => messages.push(message) })
  expect(await grantsIn(urls.ownerUrl)).toEqual(before)
  const mayHide = `select has_database_privilege('${appRole}', 'restored', 'temporary') as may`
  expect(await ask(urls.ownerUrl, mayHide)).toEqual([{ may: false }])
  expect(messages.join()).toContain(
    'update (store_name, partner_name, apis, added_at, removed_at) on partner_access',
  )
  await migrate({ ...urls, onProgress: (message) => messages.push(message) })
  expect(messages).toHaveLength(1)
  const db = connect({ url: urls.appUrl, applicationName: 'test' })
  const jobs = await db.execute(sql`select count(*)::int as jobs from pgboss.job`)
  await db.$client.end()
  expect(jobs.rows).toEqual([{ jobs: 0 }])
})
