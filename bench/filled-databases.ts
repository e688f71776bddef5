import { sql } from 'drizzle-orm'
import { v4 } from 'uuid'
import { connect, type Database } from '#db/client.ts'
import { migrate } from '#db/migrate.ts'
import { sessions } from '#db/schema/sessions.ts'
import type { Actor } from '#lib/access/actor.ts'
import type { SessionClaims } from '#lib/auth/sessions/cookies.ts'
import { dayMs } from '#lib/time/units.ts'
import { mintToken } from '#lib/tokens/model/mint.ts'
import { startEmbeddedPostgres } from '#tools/embedded-postgres/postgres.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildStore,
  buildUser,
} from '#tools/seed/builders.ts'
import { type ManyTokensOptions, seedTokens } from '#tools/seed/many-tokens.ts'
import { withIndexesRebuilt } from '#tools/seed/rebuild-indexes.ts'

/**
 * `merchant`: one store, one partner, all tokens theirs. `partner`: one partner, ten tokens in each of its stores.
 * `merchant-behind-revoked`: as `merchant`, after 100,000 tokens that are revoked and stand before all the
 * others in every order.
 */
export type Shape = 'merchant' | 'partner' | 'merchant-behind-revoked' | 'partner-behind-revoked'

export type FilledDatabase = {
  shape: Shape
  count: number
  actor: Actor
  session: SessionClaims
  /** A token in the middle of the filling. */
  farId: string
  /** Works with the application's privileges, as the pages do. */
  db: Database
  ownerUrl: string
  appUrl: string
  /** In the order in which they were made. */
  ids: string[]
}

type Mint = ManyTokensOptions['mint']

/** A few that a filter is to find where a walk in the order of expiry comes last. */
const longQuiet = sql`update token_usage set last_used_at = now() - interval '200 days' where token_id in (
  select id from live_tokens where used_on is not null order by expires_at desc limit 20)`

const tokensPerStore = 10
const revokedInFront = 100_000

/** A PostgreSQL of its own with a database for each filling. It does not wait for its disk: nothing here commits. */
export async function startBenchCluster(dataDir: string, log: (line: string) => void) {
  const cluster = await startEmbeddedPostgres({ dataDir, durability: 'throwaway' })
  const opened: Database[] = []

  async function fill(shape: Shape, count: number, mint: Mint = mintToken): Promise<FilledDatabase> {
    const from = performance.now()
    const name = `bench_${shape.replaceAll('-', '_')}_${count}`
    const urls = await createDatabase(cluster, name)
    const owner = connect({
      url: urls.ownerUrl,
      applicationName: 'partner-tokens bench filling',
      role: 'owner',
      maxConnections: 1,
      queryTimeoutMs: 600_000,
    })
    const filling = await fillDatabase(owner, { shape, count, mint })
    await owner.execute(longQuiet)
    await owner.execute(sql`vacuum analyze`)
    await owner.$client.end()
    const db = connect({
      url: urls.appUrl,
      applicationName: 'partner-tokens bench',
      maxConnections: 2,
      queryTimeoutMs: 120_000,
    })
    opened.push(db)
    log(
      `filled ${shape} ${count.toLocaleString('en')} in ${((performance.now() - from) / 1000).toFixed(1)} s`,
    )
    return { shape, count, db, ...urls, ...filling }
  }

  async function stop() {
    for (const db of opened) await db.$client.end()
    await cluster.stop()
  }

  return { fill, stop }
}

/** An empty one, migrated. */
export async function createDatabase(cluster: { ownerUrl: string; appUrl: string }, name: string) {
  const maintenance = connect({
    url: cluster.ownerUrl,
    applicationName: 'bench',
    role: 'owner',
    maxConnections: 1,
  })
  await maintenance.execute(sql.raw(`create database ${name}`))
  await maintenance.$client.end()
  const urls = { ownerUrl: withDatabase(cluster.ownerUrl, name), appUrl: withDatabase(cluster.appUrl, name) }
  await migrate(urls)
  return urls
}

function withDatabase(url: string, name: string) {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}

async function fillDatabase(
  owner: Database,
  { shape, count, mint }: { shape: Shape; count: number; mint: Mint },
) {
  const user = await buildUser(owner)
  const store = await buildStore(owner, { id: 'yhst-10000000000000', name: 'Bench store' })
  const partner = await buildPartner(owner, { id: 'ypa-100000000000', name: 'Bench partner' })
  const isMerchant = shape.startsWith('merchant')
  const stores = isMerchant ? 1 : Math.max(1, Math.ceil(count / tokensPerStore))
  await owner.execute(sql`
    insert into stores (id, name, package)
    select 'yhst-' || (10000000000000 + n), 'Bench store ' || n, 'standard' from generate_series(1, ${stores - 1}::int) n`)
  await owner.execute(sql`
    insert into partner_access (store_id, store_name, partner_id, partner_name, apis)
    select id, name, ${partner.id}, ${partner.name}, '{order,payment,catalog}' from stores`)
  const pairs = Array.from({ length: stores }, (_, n) => ({
    storeId: `yhst-${10_000_000_000_000 + n}`,
    partnerId: partner.id,
  }))
  const common = {
    mint,
    pairs,
    revokedBy: { side: 'merchant' as const, by: user },
    record: 'facts-only' as const,
  }
  const now = Date.now()
  const ids = await withIndexesRebuilt(owner, async (tx) => {
    const ids = await seedTokens(tx, { ...common, count, seed: 'bench' })
    if (!shape.endsWith('-behind-revoked')) return ids
    // Sooner to expire and created later than any other, and live but for the revocation.
    await seedTokens(tx, {
      ...common,
      count: revokedInFront,
      seed: 'bench revoked',
      states: ['revoked'],
      createdWithin: [new Date(now - dayMs / 2), new Date(now)],
      expiresWithin: [new Date(now + dayMs / 2), new Date(now + dayMs)],
    })
    return ids
  })
  const session = { userId: user.id, sessionId: v4() }
  await owner
    .insert(sessions)
    .values({ id: session.sessionId, userId: user.id, expiresAt: new Date(now + dayMs) })
  const person = { userId: user.id, userName: user.name, role: 'owner' as const }
  const actor: Actor = isMerchant
    ? { side: 'merchant', ...person, storeId: store.id }
    : { side: 'partner', ...person, partnerId: partner.id }
  if (isMerchant) await addStoreMember(owner, { store, user, role: 'owner' })
  else await addPartnerMember(owner, { partner, user, role: 'owner' })
  return { actor, session, ids, farId: ids[Math.floor(count / 2)] ?? '' }
}
