import { type SQL, sql } from 'drizzle-orm'
import type { Database, Queryable } from '#db/client.ts'
import { manyPartners, manyStores } from '../seed/many-stores.ts'
import { withIndexesRebuilt } from '../seed/rebuild-indexes.ts'
import { demoOwnerEmail, demoPair, demoPartners, demoStores } from './demo-data.ts'

export const mostDemoTokens = 2_000_000

/** A quarter is of the first demo store, with many partners. All others are of the first partner, in many stores. */
const shareOfStore = 0.25
const mostStores = 100_000
const mostPartners = 2_000
const tokensPerPair = { ofStore: 125, ofPartner: 7.5 }
const tokensPerStatement = 100_000
const ownerOfFurtherStores = 'further-stores@demo.example'
const ownerOfPartner = 'partner-owner@demo.example'

/** Days ago, or ahead for `expires`: from, to. A token with `renews` is the successor of the one before it in its pair. */
type Kind = {
  renews?: true
  created: [number, number]
  expires: [number, number]
  used?: [number, number]
  revoked?: [number, number]
}

/** What each pair has, over and over; each pair begins at another one. */
const kinds: readonly Kind[] = [
  // Renewed, and still in use: nobody has installed the new one.
  { created: [400, 300], expires: [35, 300], used: [2, 0] },
  { renews: true, created: [100, 30], expires: [300, 1_800] },
  { created: [290, 150], expires: [40, 900], used: [1, 0] },
  // Idle for 90 days, and longer.
  { created: [500, 400], expires: [60, 1_000], used: [180, 91] },
  // Never used.
  { created: [300, 10], expires: [60, 1_800] },
  // About to expire, and replaced in time.
  { created: [364, 340], expires: [1, 29], used: [40, 6] },
  { renews: true, created: [60, 41], expires: [300, 320], used: [1, 0] },
  // Expired.
  { created: [700, 500], expires: [-300, -1], used: [499, 301] },
  { created: [600, 400], expires: [100, 1_500], used: [399, 251], revoked: [250, 1] },
  // Works for years.
  { created: [800, 500], expires: [400, 1_000], used: [30, 0] },
]
const pairAddedDaysAgo = { from: 900, to: 810 }

/**
 * Puts `count` tokens beside the demo's own, 1 to {@link mostDemoTokens}, with their uses and their record, all of them or none.
 * Nobody knows their texts. `kept`: there were some already.
 */
export async function fillWithManyTokens(
  db: Database,
  count: number,
  onProgress: (step: string) => void = () => {},
): Promise<'filled' | 'kept'> {
  if (await hasManyTokens(db)) return 'kept'
  const ofStore = Math.floor(count * shareOfStore)
  onProgress('stores and partners')
  await withIndexesRebuilt(
    db,
    async (tx) => {
      await makeTables(tx)
      await addPairsOfStore(tx, ofStore)
      await addPairsOfPartner(tx, count - ofStore)
      await writePairs(tx)
      let made = 0
      for (let before = 0; before < count; before += tokensPerStatement) {
        await makeTokens(tx, { before, until: before + tokensPerStatement })
        made += await writeTokens(tx)
        onProgress(`${made.toLocaleString('en')} of ${count.toLocaleString('en')} tokens`)
      }
      onProgress('indexes')
    },
    tables,
  )
  onProgress('what the planner knows of them')
  await db.execute(sql`vacuum (analyze)`)
  return 'filled'
}

const tables = [
  ...['stores', 'partners', 'partner_access', 'tokens', 'revocations', 'audit_events'],
  ...['token_usage', 'token_usage_hours', 'token_usage_days', 'token_addresses', 'token_adoptions'],
]

/** Their first store. */
async function hasManyTokens(db: Queryable): Promise<boolean> {
  const { rows } = await db.execute(
    sql`select from stores where id in (select id from (${manyStores(1)}) many)`,
  )
  return rows.length > 0
}

async function makeTables(tx: Queryable) {
  await tx.execute(sql`
    create temporary table many_pair (n bigint generated always as identity, store_id text, store_name text, partner_id text,
      partner_name text, merchant text, partner text, added_at timestamptz(3), tokens int, tokens_before int) on commit drop`)
  await tx.execute(sql`
    create temporary table many_token on commit drop as
    select tokens.*, now() as last_used_at, now() as revoked_at, '' as side, '' as reason, '' as address, merchant, partner
    from tokens cross join many_pair limit 0`)
  await tx.execute(sql`
    create temporary table many_kind on commit drop as
    select * from jsonb_to_recordset(${JSON.stringify(kinds.map((kind, n) => ({ n, ...kind })))}::jsonb)
      as kind (n int, renews boolean, created float[], expires float[], used float[], revoked float[])`)
}

/** Of `count` tokens the n-th of so many gets its share; the first ones get one more. */
const shareOf = (count: number, pairs: number) =>
  sql`${Math.floor(count / pairs)}::int + (n <= ${count % pairs})::int`
const addedAt = sql`now() - (${pairAddedDaysAgo.to}::int + random() * ${pairAddedDaysAgo.from - pairAddedDaysAgo.to}::int) * interval '1 day'`

async function addPairsOfStore(tx: Queryable, count: number) {
  if (count === 0) return
  const partners = Math.min(mostPartners, Math.ceil(count / tokensPerPair.ofStore))
  await tx.execute(sql`
    insert into many_pair (store_id, store_name, partner_id, partner_name, merchant, added_at, tokens)
    select ${demoPair.storeId}, ${demoStores[0][1]}, id, name, ${demoOwnerEmail}, ${addedAt}, ${shareOf(count, partners)}
    from (${manyPartners(partners)}) partner order by n`)
}

async function addPairsOfPartner(tx: Queryable, count: number) {
  const stores = Math.min(mostStores, Math.ceil(count / tokensPerPair.ofPartner))
  await tx.execute(sql`
    insert into many_pair (store_id, store_name, partner_id, partner_name, merchant, partner, added_at, tokens)
    select id, name, ${demoPair.partnerId}, ${demoPartners[0][1]}, ${ownerOfFurtherStores}, ${ownerOfPartner}, ${addedAt},
      ${shareOf(count, stores)}
    from (${manyStores(stores)}) store order by n`)
}

async function writePairs(tx: Queryable) {
  await tx.execute(sql`
    update many_pair set tokens_before = sum - tokens
    from (select n, sum(tokens) over (order by n) as sum from many_pair) counted where counted.n = many_pair.n`)
  await tx.execute(sql`
    insert into stores (id, name, package, created_at)
    select store_id, store_name, (array['standard', 'professional', 'store-v1'])[1 + n % 3], added_at - interval '30 days'
    from many_pair where store_id <> ${demoPair.storeId}`)
  await tx.execute(sql`
    insert into partners (id, name, created_at)
    select partner_id, partner_name, added_at - interval '30 days'
    from many_pair where partner_id <> ${demoPair.partnerId}`)
  await tx.execute(sql`
    insert into partner_access (store_id, store_name, partner_id, partner_name, apis, added_at)
    select store_id, store_name, partner_id, partner_name,
      (array['{order,payment,catalog}', '{order}', '{order,payment}', '{order,catalog}'])[1 + n % 4]::text[], added_at
    from many_pair`)
  await tx.execute(sql`
    insert into audit_events (occurred_at, action, side, user_id, user_name, store_id, partner_id)
    select added_at, 'access.added', 'merchant', users.id, users.name, store_id, partner_id
    from many_pair join users on email = merchant`)
}

/** A moment so many days ago. */
const daysAgo = (range: SQL) =>
  sql`now() - (${range}[1] + random() * (${range}[2] - ${range}[1])) * interval '1 day'`
const daysAhead = (range: SQL) =>
  sql`now() + (${range}[1] + random() * (${range}[2] - ${range}[1])) * interval '1 day'`

/** Plans the tokens of the next pairs: each with its kind's moments, and its predecessor. */
async function makeTokens(tx: Queryable, { before, until }: { before: number; until: number }) {
  await tx.execute(sql`truncate many_token`)
  await tx.execute(sql`
    insert into many_token
    select id, hash, substr(translate(encode(hash, 'base64'), '+/', '-_'), 1, 4), store_id, partner_id,
      case when renews then lag(id) over (partition by pair order by place) end, created_at, expires_at, last_used_at, revoked_at,
      case when partner is null or place % 2 = 0 then 'merchant' else 'partner' end,
      (array['exposed', 'no-longer-working-together', 'another-expiry-date'])[1 + place % 3],
      '198.51.' || pair % 250 || '.' || 1 + place % 250, merchant, partner
    from (
      select uuidv7(created_at - now()) as id, sha256(uuid_send(gen_random_uuid())) as hash, moments.*
      from (
        select pair.n as pair, place, store_id, partner_id, merchant, partner, renews,
          ${daysAgo(sql`created`)} as created_at, ${daysAhead(sql`expires`)} as expires_at,
          ${daysAgo(sql`used`)} as last_used_at, ${daysAgo(sql`revoked`)} as revoked_at
        from many_pair pair cross join lateral generate_series(0, pair.tokens - 1) place
          join many_kind on many_kind.n = (place + pair.n) % ${kinds.length}
        where pair.tokens_before >= ${before} and pair.tokens_before < ${until}
      ) moments
    ) made`)
}

/** @returns how many tokens that were. */
async function writeTokens(tx: Queryable): Promise<number> {
  const { rowCount } = await tx.execute(sql`
    insert into tokens (id, hash, last_characters, store_id, partner_id, predecessor_id, created_at, expires_at)
    select id, hash, last_characters, store_id, partner_id, predecessor_id, created_at, expires_at from many_token`)
  await tx.execute(sql`
    insert into token_usage (token_id, last_used_at, last_api, last_address, last_client)
    select id, last_used_at, 'order', address, 'StoreLink-PHP/7.4' from many_token where last_used_at is not null`)
  await tx.execute(sql`
    insert into token_addresses (token_id, address, last_used_at)
    select id, address, last_used_at from many_token where last_used_at > now() - interval '30 days'`)
  // What is older stands in days already, as after the housekeeping of the gateway.
  await tx.execute(sql`
    insert into token_usage_hours (token_id, hour, api, calls, refusals)
    select id, date_trunc('hour', last_used_at, 'UTC'), 'order', 1 + (random() * 40)::int, 0
    from many_token where last_used_at > now() - interval '48 hours'`)
  await tx.execute(sql`
    insert into token_usage_days (token_id, day, api, calls, refusals)
    select id, (last_used_at at time zone 'UTC')::date, 'order', 1 + (random() * 900)::int, 0
    from many_token where last_used_at <= now() - interval '48 hours'`)
  await tx.execute(sql`
    insert into token_adoptions (token_id, adopted_at)
    select id, least(created_at + interval '1 day', last_used_at) from many_token
    where predecessor_id is not null and last_used_at is not null`)
  await tx.execute(sql`
    insert into revocations (token_id, store_id, partner_id, revoked_at, side, user_id, user_name, reason)
    select token.id, store_id, partner_id, revoked_at, side, users.id, users.name, reason
    from many_token token join users on email = case side when 'partner' then partner else merchant end
    where revoked_at is not null`)
  await tx.execute(sql`
    insert into audit_events (occurred_at, action, side, user_id, user_name, store_id, partner_id, token_id, reason, details)
    select at, action, done.side, users.id, users.name, store_id, partner_id, token_id, done.reason, details
    from many_token token cross join lateral (
      select created_at, 'token.issued', 'merchant', id, null,
        case when predecessor_id is not null then jsonb_build_object('predecessorId', predecessor_id) end
      union all
      select created_at, 'token.renewed', 'merchant', predecessor_id, null, jsonb_build_object('successorId', id)
      where predecessor_id is not null
      union all
      select revoked_at, 'token.revoked', token.side, id, token.reason, null where revoked_at is not null
    ) done (at, action, side, token_id, reason, details)
      join users on email = case done.side when 'partner' then partner else merchant end`)
  return rowCount ?? 0
}
