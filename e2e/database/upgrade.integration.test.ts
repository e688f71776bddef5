import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { Client, type Pool } from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { migrate } from '#db/migrate.ts'
import { readMigrations } from '#db/migration-files.ts'
import { lookUpBy, lookUpStatement } from '#db/queries/verification/look-up-tokens.ts'
import { openGatewayDatabases } from '#lib/verification/gateway-databases.ts'
import { defaultLookUpLimits } from '#lib/verification/look-up-batches.ts'
import { createVerifier, lookUpIn } from '#lib/verification/verify.ts'

/** UPGRADE_TOKENS=1000000 is the long form. */
const tokens = Number(process.env.UPGRADE_TOKENS ?? 3_000)
/** What callers notice: issue 9. */
const longestWaitMs = 1_000
const minutes = 60_000

const name = 'upgraded_under_calls'
const urls = {
  ownerUrl: Object.assign(new URL(inject('clusterOwnerUrl')), { pathname: `/${name}` }).href,
  appUrl: Object.assign(new URL(inject('clusterAppUrl')), { pathname: `/${name}` }).href,
}
let owner: Client
beforeAll(async () => {
  const maintenance = new Client({ connectionString: inject('clusterOwnerUrl') })
  await maintenance.connect()
  await maintenance.query(`create database ${name}`)
  await maintenance.end()
  owner = new Client({ connectionString: urls.ownerUrl })
  await owner.connect()
})
afterAll(() => owner.end())

const hashOf = (n: number) => createHash('sha256').update(`token ${n}`).digest('hex')

/** Of what the first release knew; every third is revoked, every fourth was used, every fifth renews the one before. */
async function fill(from: number, until: number) {
  await owner.query(
    `with made as (
       insert into tokens (id, hash, last_characters, store_id, partner_id, predecessor_id, created_at, expires_at)
       select md5('id ' || n)::uuid, sha256(convert_to('token ' || n, 'UTF8')), 'wxyz', 'harbor-books', 'ypa-000000000001',
         case when n % 5 = 0 then md5('id ' || n - 1)::uuid end, now(), now() + interval '1 year'
       from generate_series($1::int, $2::int) n
     ), used as (
       insert into token_usage (token_id, last_used_at)
       select md5('id ' || n)::uuid, '2026-05-06T07:08:09Z' from generate_series($1::int, $2::int) n where n % 4 = 0
     )
     insert into revocations (token_id, store_id, partner_id, revoked_at, side, user_id, reason)
     select md5('id ' || n)::uuid, 'harbor-books', 'ypa-000000000001', now(), 'merchant', $3, 'exposed'
     from generate_series($1::int, $2::int) n where n % 3 = 0`,
    [from, until, user],
  )
}
const user = '01900000-0000-7000-8000-000000000001'

/** Old gateways go on asking until the last migration has run: their look-up knows neither cut-offs nor pauses, nor their tables. */
function askLikeTheReleaseBefore(pool: Pool) {
  const earlier = lookUpBy(`case
    when (select true from public.revocations where revocations.token_id = tokens.id) then 'revoked'
    when tokens.expires_at <= statement_timestamp() then 'expired' else 'live' end`)
  const send = pool.query.bind(pool) as (query: { text?: string }) => Promise<unknown>
  const sendEarlier = (query: { text?: string }) =>
    send(query.text === lookUpStatement ? { ...query, text: earlier } : query)
  Object.assign(pool, { query: sendEarlier })
}

test('calls pass while each migration runs from the first release to the last, and what was put in on the way is kept', {
  timeout: tokens > 10_000 ? 30 * minutes : 2 * minutes,
}, async () => {
  const all = readMigrations()
  const firstRelease = 3
  await migrate({ ...urls, migrations: all.slice(0, firstRelease) })
  await owner.query(`
    insert into stores (id, name, package) values ('harbor-books', 'Harbor Books', 'standard');
    insert into partners (id, name) values ('ypa-000000000001', 'Parcel Pilot');
    insert into users (id, email, name) values ('${user}', 'owner@harbor-books.example', 'Store owner');
    insert into partner_access (store_id, partner_id, store_name, partner_name, apis)
      values ('harbor-books', 'ypa-000000000001', 'Harbor Books', 'Parcel Pilot', '{order}')`)
  await fill(1, tokens)
  await owner.query('analyze')

  const limits = { ...defaultLookUpLimits, deadlineMs: longestWaitMs }
  const databases = openGatewayDatabases({ url: urls.appUrl, limits })
  askLikeTheReleaseBefore(databases.lookUps.$client)
  const verifier = createVerifier({ lookUp: lookUpIn(databases.lookUps), limits })
  await databases.warmUp()
  let put = tokens
  let isUpgrading = true
  let calls = 0
  let longestMs = 0
  const wrong: unknown[] = []
  async function call() {
    while (isUpgrading) {
      // What was put in last among them.
      const n = calls++ % 2 === 0 ? put : 1 + (calls % tokens)
      const startedAt = performance.now()
      const answer = await verifier.verifyHash(hashOf(n)).then(
        (result) => (result.ok ? 'good' : result.refusal.cause),
        (error: Error) => error.message,
      )
      const ms = performance.now() - startedAt
      longestMs = Math.max(longestMs, ms)
      if (answer !== (n % 3 === 0 ? 'revoked' : 'good') || ms > longestWaitMs) wrong.push({ n, ms, answer })
      await setImmediate()
    }
  }
  const calling = [call(), call()]
  try {
    for (let n = firstRelease; n < all.length; n++) {
      await migrate({ ...urls, migrations: all.slice(0, n + 1) })
      await fill(put + 1, put + 10)
      put += 10
    }
    await migrate(urls)
  } finally {
    isUpgrading = false
    await Promise.all(calling)
    await databases.close()
  }
  console.log(
    `${calls} calls while ${all.length - firstRelease} migrations ran over ${put} tokens: the longest took ${longestMs.toFixed(0)} ms`,
  )
  expect(wrong).toEqual([])
  expect(calls).toBeGreaterThan(all.length)

  const { rows } = await owner.query(`
    select (select count(*)::int from tokens) as tokens, (select count(*)::int from revocations) as revocations,
      (select count(*)::int from token_usage) as used,
      (select count(*)::int from token_adoptions where adopted_at = '2026-05-06T07:08:09Z') as adopted_by_the_upgrade,
      (select count(*)::int from pg_index where not indisvalid) as invalid_indexes,
      (select count(*)::int from pg_constraint where not convalidated) as not_validated`)
  const adoptedAtLatest =
    tokens + 10 * (all.findIndex(({ tag }) => tag === '0014_successors-in-use') - firstRelease)
  expect(rows).toEqual([
    {
      ...{ tokens: put, revocations: Math.floor(put / 3), used: Math.floor(put / 4) },
      ...{ adopted_by_the_upgrade: Math.floor(adoptedAtLatest / 20), invalid_indexes: 0, not_validated: 0 },
    },
  ])
})
