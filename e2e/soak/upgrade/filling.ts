import { createHash } from 'node:crypto'
import type { Client } from 'pg'
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid'
import { mintToken } from '#lib/tokens/model/mint.ts'
import type { Presented } from '../faults/ledger.ts'

/** What is in a database that nobody touches meanwhile is used before this time. */
export const usedAt = '2026-05-06T07:08:09Z'
const perStore = 10
const partners = 10
const atOnce = 4
/** Stores whose owners are people who work meanwhile. */
export const peoplesStores = 6
const tokensOfPerson = 150

export const partnerId = 'ypa-900000000001'
const peoplesStore = (n: number) => `worked-on-${n}`
const putStore = 'put-in-on-the-way'

export type Filled = {
  /** Each with who works for its store. */
  people: { userId: string; storeId: string; tokens: Presented[] }[]
  /** Who works for the partner of all these stores. */
  partnersPerson: { userId: string }
  /** Among the others, in stores of their own: with what calls must be answered. */
  callable: (Presented & { isRevoked: boolean })[]
}

/**
 * What the first release knew. Of `tokens` every third is revoked, every fourth was used, every fifth renews the one before;
 * each ten are of a store of their own.
 */
export async function fill(
  owner: Client,
  tokens: number,
  connectAgain: () => Promise<Client>,
): Promise<Filled> {
  const stores = Math.ceil(tokens / perStore)
  const user = uuidv7()
  await owner.query(
    `insert into users (id, email, name) values ($1, 'owner@stores.example', 'Store owner')`,
    [user],
  )
  await owner.query(
    `insert into partners (id, name)
     select 'ypa-' || lpad(n::text, 12, '0'), 'Partner ' || n from generate_series(1, $1::int) n`,
    [partners],
  )
  await owner.query(
    `insert into stores (id, name, package)
     select 'store-' || n, 'Store ' || n, 'standard' from generate_series(1, $1::int) n`,
    [stores],
  )
  await owner.query(
    `insert into partner_access (store_id, partner_id, store_name, partner_name, apis)
     select 'store-' || n, 'ypa-' || lpad((1 + n % $2)::text, 12, '0'), 'Store ' || n, 'Partner ' || (1 + n % $2), '{order}'
     from generate_series(1, $1::int) n`,
    [stores, partners],
  )
  const pieces = Array.from({ length: atOnce }, (_, n) => [n, n + 1].map((part) => pieceEnd(tokens, part)))
  await Promise.all(
    pieces.map(async ([after = 0, until = 0]) => {
      const client = await connectAgain()
      try {
        await fillTokens(client, { after, until, user })
      } finally {
        await client.end()
      }
    }),
  )
  return addPeople(owner, { user, stores })
}

/** No renewal chain lies in two pieces. */
const pieceEnd = (tokens: number, part: number) =>
  part === atOnce ? tokens : Math.floor((tokens * part) / atOnce / perStore) * perStore

/** In order of their making, as the ids of the product are. */
const idOf = (n: string) => `('01900000-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`

type Piece = { after: number; until: number; user: string }

async function fillTokens(client: Client, { after, until, user }: Piece) {
  await client.query(
    `insert into tokens (id, hash, last_characters, store_id, partner_id, predecessor_id, created_at, expires_at)
     select ${idOf('n')}, sha256(convert_to('token ' || n, 'UTF8')), 'wxyz', 'store-' || store,
       'ypa-' || lpad((1 + store % $4)::text, 12, '0'), case when n % 5 = 0 then ${idOf('n - 1')} end,
       now() - interval '30 days', now() + interval '1 year'
     from generate_series($1::int + 1, $2::int) n, lateral (select 1 + (n - 1) / $3 as store) s`,
    [after, until, perStore, partners],
  )
  await client.query(
    `insert into token_usage (token_id, last_used_at)
     select ${idOf('n')}, $3 from generate_series($1::int + 1, $2::int) n where n % 4 = 0`,
    [after, until, usedAt],
  )
  await client.query(
    `with revoked as (
       insert into revocations (token_id, store_id, partner_id, revoked_at, side, user_id, reason)
       select id, store_id, partner_id, now() - interval '1 day', 'merchant', $3, 'exposed'
       from generate_series($1::int + 1, $2::int) n join tokens on id = ${idOf('n')} where n % 3 = 0
       returning *
     )
     insert into audit_events (occurred_at, action, side, user_id, user_name, store_id, partner_id, token_id, reason)
     select revoked_at, 'token.revoked', side, user_id, 'Store owner', store_id, partner_id, token_id, reason from revoked`,
    [after, until, user],
  )
}

async function addPeople(owner: Client, { user, stores }: { user: string; stores: number }): Promise<Filled> {
  const partnersPerson = { userId: uuidv7() }
  await owner.query(`insert into partners (id, name) values ($1, 'Parcel Pilot')`, [partnerId])
  await owner.query(`insert into users (id, email, name) values ($1, 'people@partner.example', 'Partner')`, [
    partnersPerson.userId,
  ])
  await owner.query(`insert into partner_members (partner_id, user_id, role) values ($1, $2, 'owner')`, [
    partnerId,
    partnersPerson.userId,
  ])
  const people: Filled['people'] = []
  const names = Array.from({ length: peoplesStores }, (_, n) => peoplesStore(n))
  for (const storeId of [...names, putStore]) {
    await owner.query(`insert into stores (id, name, package) values ($1, $1, 'standard')`, [storeId])
    await owner.query(
      `insert into partner_access (store_id, partner_id, store_name, partner_name, apis)
       values ($1, $2, $1, 'Parcel Pilot', '{order,payment,catalog}')`,
      [storeId, partnerId],
    )
    if (storeId === putStore) continue
    const userId = uuidv7()
    await owner.query(`insert into users (id, email, name) values ($1, $2, $2)`, [
      userId,
      `${storeId}@stores.example`,
    ])
    await owner.query(`insert into store_members (store_id, user_id, role) values ($1, $2, 'owner')`, [
      storeId,
      userId,
    ])
    people.push({
      userId,
      storeId,
      tokens: await insertTokens(owner, tokensOfPerson, () => [storeId, partnerId]),
    })
  }
  const spread = await insertTokens(owner, 3_000, (n) => {
    const store = 1 + ((n * 7919) % stores)
    return [`store-${store}`, `ypa-${String(1 + (store % partners)).padStart(12, '0')}`]
  })
  const callable = spread.map((token, n) => ({ ...token, isRevoked: n % 3 === 0 }))
  await revoke(owner, callable, user)
  return { people, partnersPerson, callable }
}

/** Ten tokens, every third revoked, while a migration runs. */
export async function putIn(owner: Client, { people }: Filled): Promise<Filled['callable']> {
  const made = await insertTokens(owner, 10, () => [putStore, partnerId])
  const put = made.map((token, n) => ({ ...token, isRevoked: n % 3 === 0 }))
  await revoke(owner, put, people[0]?.userId ?? '')
  return put
}

/** What the release knows that has plans: some are open, of tokens that nobody uses. */
export async function addPlans(owner: Client, tokens: number) {
  await owner.query(
    `insert into retirement_plans (successor_id, token_id, retire_at, planned_at, side, user_id)
     select ${idOf('n')}, ${idOf('n - 1')}, now() + interval '90 days', now(), 'merchant',
       (select id from users where email = 'owner@stores.example')
     from generate_series(5, $1::int, 5) n where n % 4 <> 0 and n % 3 <> 0 and (n - 1) % 3 <> 0`,
    [tokens],
  )
}

async function insertTokens(
  owner: Client,
  count: number,
  holderOf: (n: number) => [string, string],
): Promise<Presented[]> {
  const made = Array.from({ length: count }, (_, n) => {
    const [storeId, partner] = holderOf(n)
    return { id: uuidv4(), storeId, partner, ...mintToken() }
  })
  await owner.query(
    `insert into tokens (id, hash, last_characters, store_id, partner_id, created_at, expires_at)
     select *, now(), now() + interval '1 year' from unnest($1::uuid[], $2::bytea[], $3::text[], $4::text[], $5::text[])`,
    [
      made.map(({ id }) => id),
      made.map(({ hash }) => hash),
      made.map(({ lastCharacters }) => lastCharacters),
      made.map(({ storeId }) => storeId),
      made.map(({ partner }) => partner),
    ],
  )
  return made.map(({ id, text, storeId }) => ({ id, text, storeId }))
}

async function revoke(owner: Client, tokens: Filled['callable'], userId: string) {
  await owner.query(
    `insert into revocations (token_id, store_id, partner_id, revoked_at, side, user_id, reason)
     select id, store_id, partner_id, now(), 'merchant', $2, 'exposed' from tokens where id = any($1)`,
    [tokens.flatMap(({ id, isRevoked }) => (isRevoked ? [id] : [])), userId],
  )
}

/** Of every column that the first release knew, of all rows from before `until`. */
export async function fingerprint(owner: Client, until: Date): Promise<Record<string, string>> {
  const columns = {
    tokens: [
      'id, hash, last_characters, store_id, partner_id, predecessor_id, created_at, expires_at',
      'created_at < $1',
    ],
    revocations: [
      'token_id, store_id, partner_id, revoked_at, side, user_id, reason, note',
      'revoked_at < $1',
    ],
    token_usage: ['token_id, last_used_at', `last_used_at = '${usedAt}'`],
    audit_events: [
      'id, occurred_at, action, side, user_id, store_id, partner_id, token_id, reason',
      'occurred_at < $1',
    ],
    partner_access: ['store_id, partner_id, store_name, partner_name, apis', `partner_id <> '${partnerId}'`],
    users: ['id, email, name', 'created_at < $1'],
  }
  const found: Record<string, string> = {}
  for (const [table, [list, where]] of Object.entries(columns)) {
    const { rows } = await owner.query<{ count: string; sum: string }>(
      `select count(*) as count, coalesce(sum(hashtextextended(row(${list})::text, 0)), 0) as sum
       from ${table} where ${where} and ($1::timestamptz is not null)`,
      [until],
    )
    found[table] =
      `${rows[0]?.count} rows, ${createHash('sha256').update(`${rows[0]?.sum}`).digest('hex').slice(0, 12)}`
  }
  return found
}
