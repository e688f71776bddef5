import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { connect, type Database } from '#db/client.ts'
import { listLiveTokens } from '#db/queries/tokens/token-lists.ts'
import { readSearch } from '#lib/tokens/review/search.ts'
import { startEmbeddedPostgres } from '#tools/embedded-postgres/postgres.ts'
import { buildPartner } from '#tools/seed/builders.ts'
import { manyStores } from '#tools/seed/many-stores.ts'
import { createDatabase } from './filled-databases.ts'
import { type Case, type Filled, measureGrowth } from './growth.ts'
import { openResults } from './results.ts'

/**
 * The database time of searches in a partner's list as its stores grow, beside the statement of November's release; see README.md.
 * `node bench/search.ts [--rounds 60] [--sizes 1000,100000] [--no-results]`
 */

const limit = 1.5
const rounds = Number(argument('--rounds') ?? 60)
const sizes = (argument('--sizes') ?? '1000,100000').split(',').map(Number)
const partnerId = 'ypa-100000000000'
const shown = 26

/** As the pages ask: the first page by expiry. */
async function ofToday(db: Database, search: string) {
  const page = { show: 'active', sort: 'expires', direction: 'asc', limit: shown, filter: {} } as const
  const asked = { ...page, expiringWithinDays: 30, search: readSearch(search) }
  return (await listLiveTokens(db, { side: 'partner', partnerId }, asked)).length
}

/** The statement of fb50e21 for the ids of the same page, with the indexes that it had. Rows were read for what it found. */
async function ofRelease(db: Database, search: string) {
  const pattern = `%${search.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  const nameMatches = sql`(lower(partner_access.store_name) like lower(${pattern})
    or lower(partner_access.store_id) like ${pattern})`
  const live = sql`not exists (select from revocations where token_id = tokens.id offset 0) and tokens.expires_at > now()`
  const { rows } = await db.execute(sql`
    with pair as materialized (
      select store_id, partner_id from partner_access where partner_id = ${partnerId} and ${nameMatches} limit 101)
    select id from (
      select of_pair.* from pair cross join lateral (
        select id, expires_at as at from tokens
        where store_id = pair.store_id and partner_id = pair.partner_id and ${live}
        order by expires_at, id limit ${shown}) of_pair
      where (select count(*) from pair) <= 100
      union all (
        select id, expires_at as at from tokens
        where (select count(*) from pair) > 100 and partner_id = ${partnerId} and ${live} and exists (
          select from partner_access where store_id = tokens.store_id and partner_id = tokens.partner_id
            and ${nameMatches} offset 0)
        order by expires_at, id limit ${shown})) found
    order by at, id limit ${shown}`)
  return rows.length
}

const searches: Record<string, string> = {
  'a name without a hit': 'nothing of that name',
  'two characters without a hit': 'qq',
  'a store ID without a hit': 'yhst-99999999999999',
  'an ID with one hit': idOf(7),
}
/** All of its parts are in many IDs. */
const crafted = '0'.repeat(20)

const cases = Object.fromEntries(
  Object.entries(searches).flatMap(([name, search]): [string, Case][] => [
    [`${name}: fb50e21`, { work: (db) => ofRelease(db, search) }],
    [`${name}: today`, { work: (db) => ofToday(db, search), limit }],
  ]),
)
cases['20 zeros: fb50e21'] = { work: (db) => ofRelease(db, crafted) }
cases['20 zeros: today'] = { work: (db) => ofToday(db, crafted) }

const dataDir = await mkdtemp(join(tmpdir(), 'partner-tokens-bench-'))
process.once('SIGINT', () => process.exit(130))
const cluster = await startEmbeddedPostgres({ dataDir, durability: 'throwaway' })
const opened: Filled[] = []
try {
  for (const size of sizes) opened.push(await fillWithStores(size))
  const results = openResults({ file: 'pages', bench: 'search', rounds })
  await measureGrowth(opened, cases, { rounds, head: 'printed', results })
  await results.write()
} finally {
  for (const { db } of opened) await db.$client.end()
  await cluster.stop()
  await rm(dataDir, { recursive: true, force: true })
}

/** Of the n-th of the many stores. */
function idOf(n: number) {
  return `yhst-${10_000_000_000_000 + ((n * 7_919_000_000_033) % 89_999_999_999_981)}`
}

/** Stores of one partner, with a token each, and the indexes that the release's statement had beside today's. */
async function fillWithStores(count: number): Promise<Filled> {
  const urls = await createDatabase(cluster, `bench_search_${count}`)
  const connection = { role: 'owner', maxConnections: 1, queryTimeoutMs: 600_000 } as const
  const owner = connect({
    url: urls.ownerUrl,
    applicationName: 'partner-tokens bench filling',
    ...connection,
  })
  await buildPartner(owner, { id: partnerId, name: 'Bench partner' })
  await owner.execute(sql`
    insert into stores (id, name, package)
    select id, name, 'standard' from (${manyStores(count)}) store`)
  await owner.execute(sql`
    insert into partner_access (store_id, store_name, partner_id, partner_name, apis)
    select id, name, ${partnerId}, 'Bench partner', '{order}' from stores`)
  await owner.execute(sql`
    insert into tokens (id, hash, last_characters, store_id, partner_id, created_at, expires_at)
    select gen_random_uuid(), sha256(id::bytea), 'abcd', id, ${partnerId}, now(), now() + interval '200 days'
    from stores`)
  for (const name of ['store_name', 'partner_name']) {
    await owner.execute(
      sql.raw(`create index bench_release_${name} on partner_access using gin (lower(${name}) gin_trgm_ops)`),
    )
  }
  await owner.execute(sql`vacuum analyze`)
  await owner.$client.end()
  const db = connect({ url: urls.appUrl, applicationName: 'partner-tokens bench', maxConnections: 2 })
  return { count, db }
}

function argument(name: string): string | undefined {
  const at = process.argv.indexOf(name)
  return at === -1 ? undefined : process.argv[at + 1]
}
