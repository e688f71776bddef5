import { type SQL, sql } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import type { Database, Queryable } from '../../client.ts'
import { events } from '../../schema/events.ts'
import { pausedTokenAttempts, pauses } from '../../schema/pauses.ts'
import { tokenAddresses } from '../../schema/token-addresses.ts'
import { tokenAdoptions } from '../../schema/token-adoptions.ts'
import { tokenUsage } from '../../schema/token-usage.ts'
import { tokenUsageHours, type usedApis } from '../../schema/token-usage-hours.ts'
import { tokens } from '../../schema/tokens.ts'
import { usageWriters } from '../../schema/usage-writers.ts'
import { isRevokedByItself } from '../tokens/ends.ts'

type UsedApi = (typeof usedApis)[number]

/** What came in with some tokens since it was written last. In each list a token stands once for each key. */
export type UsageBatch = {
  tokenIds: string[]
  /** The last accepted call of a token. */
  uses: { tokenId: string; at: Date; api: UsedApi; address: string | null; client: string | null }[]
  /** Calls by hour (its beginning) and API. */
  hours: { tokenId: string; hour: Date; api: UsedApi; calls: number; refusals: number }[]
  addresses: { tokenId: string; address: string; at: Date }[]
  /** Calls with a revoked token. */
  attempts: Attempts[]
  /** Calls with a paused one. */
  whilePaused: Attempts[]
}

type Attempts = {
  tokenId: string
  count: number
  firstAt: Date
  lastAt: Date
  address: string | null
  client: string | null
}

/** A writer's batches are numbered upwards; one number is one content. */
export type NumberedBatch = UsageBatch & { writerId: string; number: number }

/** Kept of a token: a hundred are counted, one more says that there are more. */
const maxAddressesKept = 101

/** Of the days on which an address called, so many are kept, with today: as long as the address itself. */
const addressDaysKept = 30

type Kind = 'uuid' | 'moment' | 'text' | 'word' | 'int' | 'bigint'

const ofAttempts = {
  tokenId: 'uuid',
  count: 'bigint',
  firstAt: 'moment',
  lastAt: 'moment',
  address: 'text',
  client: 'text',
} as const

const lists = {
  uses: { tokenId: 'uuid', at: 'moment', api: 'word', address: 'text', client: 'text' },
  hours: { tokenId: 'uuid', hour: 'moment', api: 'word', calls: 'int', refusals: 'int' },
  attempts: ofAttempts,
  whilePaused: ofAttempts,
  addresses: { tokenId: 'uuid', address: 'text', at: 'moment' },
} as const satisfies Partial<{
  [List in keyof UsageBatch]: Record<keyof UsageBatch[List][number] & string, Kind>
}>

type List = keyof typeof lists
const columnsOf = (list: List) => Object.entries<Kind>(lists[list])

/** A moment is in seconds since 1970. */
const types: Record<Kind, string> = {
  ...{ uuid: 'uuid', moment: 'float8', text: 'text', word: 'text', int: 'int', bigint: 'bigint' },
}

/** Each list comes as one array a column: PostgreSQL reads them in a third of the time that JSON took it. */
function valuesOf(batch: NumberedBatch): unknown[] {
  const arrays = (Object.keys(lists) as List[]).flatMap((list) =>
    columnsOf(list).map(([name, kind]) => {
      const values = (batch[list] as Record<string, unknown>[]).map((row) => row[name])
      // What may hold any character is left to pg.
      if (kind === 'text') return values
      if (kind === 'moment') return plainArray(values.map((at) => (at as Date).getTime() / 1000))
      return plainArray(values)
    }),
  )
  return [batch.writerId, batch.number, plainArray(batch.tokenIds), ...arrays]
}

const plainArray = (values: unknown[]) => `{${values.join(',')}}`

/** Of the lists in their order: the number of the first parameter. */
function firstParameter(list: List): number {
  const before = (Object.keys(lists) as List[]).slice(0, Object.keys(lists).indexOf(list))
  return 4 + before.reduce((sum, one) => sum + columnsOf(one).length, 0)
}

/** As rows named `given` with the columns of the list; those of tokens that do not exist are left out. */
function rowsOf(list: List): SQL {
  const first = firstParameter(list)
  const columns = columnsOf(list)
  const shown = columns.map(([name, kind]) =>
    kind === 'moment' ? `to_timestamp("${name}") as "${name}"` : `"${name}"`,
  )
  const arrays = columns.map(([, kind], n) => `$${first + n}::${types[kind]}[]`)
  const names = columns.map(([name]) => `"${name}"`)
  return sql.raw(`(
    select ${shown.join(', ')} from unnest(${arrays.join(', ')}) as parsed (${names.join(', ')})
    where "tokenId" in (select token_id from known)
  ) given`)
}

const constant = (number: number) => sql.raw(String(number))

/** Its parameters are those of `valuesOf`: it is prepared once a connection, where planning takes as long as a hundred tokens. */
const statement = new PgDialect().sqlToQuery(sql`
    with unwritten as (
      insert into ${usageWriters} (id, last_batch, written_at)
      values ($1::uuid, $2::bigint, now())
      on conflict (id) do update set last_batch = excluded.last_batch, written_at = excluded.written_at
      where usage_writers.last_batch < excluded.last_batch
      returning id
    ), known as materialized (
      select token.id as token_id, token.predecessor_id
      from unnest($3::uuid[]) as given (id)
      cross join lateral (
        select ${tokens.id}, ${tokens.predecessorId} from ${tokens} where ${tokens.id} = given.id offset 0
      ) token
      where exists (select from unwritten)
    ), used as (
      insert into ${tokenUsage} (token_id, last_used_at, last_api, last_address, last_client)
      select "tokenId", least(at, now()), api, address, client
      from ${rowsOf('uses')}
      order by "tokenId"
      on conflict (token_id) do update set last_used_at = excluded.last_used_at, last_api = excluded.last_api,
        last_address = excluded.last_address, last_client = excluded.last_client
      where token_usage.last_used_at < excluded.last_used_at
      returning token_id, last_used_at
    ), adopted as (
      insert into ${tokenAdoptions} (token_id, adopted_at)
      select used.token_id, used.last_used_at from used
      join known on known.token_id = used.token_id and known.predecessor_id is not null
      where not exists (select from ${tokenAdoptions} where ${tokenAdoptions.tokenId} = used.token_id offset 0)
      order by used.token_id
      on conflict (token_id) do nothing
      returning token_id, adopted_at
    ), announced_adopted as (
      insert into ${events} (kind, operation_id, occurred_at, store_id, partner_id, token_id, details, once_key)
      select 'token.adopted', gen_random_uuid(), adopted_at, store_id, partner_id, token_id,
        jsonb_build_object('predecessorId', predecessor_id), 'token.adopted:' || token_id
      from adopted cross join lateral (
        select store_id, partner_id, predecessor_id from ${tokens} where ${tokens.id} = adopted.token_id offset 0
      ) token
      on conflict (once_key) do nothing
    ), counted as (
      insert into ${tokenUsageHours} (token_id, hour, api, calls, refusals)
      select "tokenId", least(hour, date_trunc('hour', now(), 'UTC')) as past_hour, api, sum(calls), sum(refusals)
      from ${rowsOf('hours')}
      group by "tokenId", past_hour, api
      order by "tokenId", past_hour, api
      on conflict (token_id, hour, api) do update set calls = token_usage_hours.calls + excluded.calls,
        refusals = token_usage_hours.refusals + excluded.refusals
    ), attempted as (
      insert into revoked_token_attempts (token_id, attempts, first_at, last_at, last_address, last_client)
      select "tokenId", count, least("firstAt", now()), least("lastAt", now()), address, client
      from ${rowsOf('attempts')}
      order by "tokenId"
      on conflict (token_id) do update set
        attempts = revoked_token_attempts.attempts + excluded.attempts,
        first_at = least(revoked_token_attempts.first_at, excluded.first_at),
        last_at = greatest(revoked_token_attempts.last_at, excluded.last_at),
        last_address = case when revoked_token_attempts.last_at < excluded.last_at
          then excluded.last_address else revoked_token_attempts.last_address end,
        last_client = case when revoked_token_attempts.last_at < excluded.last_at
          then excluded.last_client else revoked_token_attempts.last_client end
      returning token_id, last_at, last_address
    ), announced_attempted as (
      insert into ${events} (kind, operation_id, occurred_at, store_id, partner_id, token_id, details, once_key)
      select 'token.refused_after_revocation', gen_random_uuid(), last_at, store_id, partner_id, token_id,
        jsonb_strip_nulls(jsonb_build_object('address', last_address)),
        'token.refused_after_revocation:' || token_id || ':' || (last_at at time zone 'UTC')::date
      from attempted cross join lateral (select * from ${tokens} where ${tokens.id} = attempted.token_id offset 0) attempted_token
      where ${isRevokedByItself('attempted_token')}
      on conflict (once_key) do nothing
    ), attempted_while_paused as (
      insert into ${pausedTokenAttempts} as counted
        (token_id, side, number, attempts, first_at, last_at, last_address, last_client)
      select "tokenId", pause.side, pause.number, count, least("firstAt", now()), least("lastAt", now()), address, client
      from ${rowsOf('whilePaused')} cross join lateral (
        select ${pauses.side}, ${pauses.number} from ${pauses} where ${pauses.tokenId} = given."tokenId"
        order by ${pauses.begunAt} <= given."lastAt" desc, ${pauses.begunAt} desc limit 1
      ) pause
      order by "tokenId"
      on conflict (token_id, side, number) do update set
        attempts = counted.attempts + excluded.attempts,
        first_at = least(counted.first_at, excluded.first_at),
        last_at = greatest(counted.last_at, excluded.last_at),
        last_address = case when counted.last_at < excluded.last_at then excluded.last_address else counted.last_address end,
        last_client = case when counted.last_at < excluded.last_at then excluded.last_client else counted.last_client end
    ), given_address as materialized (
      select given."tokenId" as token_id, given.address, least(given.at, now()) as at, kept.last_used_at
      from ${rowsOf('addresses')}
      left join lateral (
        select ${tokenAddresses.lastUsedAt} from ${tokenAddresses}
        where ${tokenAddresses.tokenId} = given."tokenId" and ${tokenAddresses.address} = given.address offset 0
      ) kept on true
    ), new_address as materialized (
      select *, row_number() over (partition by token_id order by at desc, address) as place
      from given_address where last_used_at is null
    ), room as materialized (
      select token_id, ${constant(maxAddressesKept)} - (
        select count(*) from (
          select from ${tokenAddresses} where ${tokenAddresses.tokenId} = new_token.token_id limit ${constant(maxAddressesKept)}
        ) kept
      ) as places
      from (select distinct token_id from new_address) new_token
    ), placed as (
      insert into ${tokenAddresses} (token_id, address, last_used_at, first_used_at, used_days)
      select token_id, address, at, at, datemultirange(daterange(day, day, '[]')) from (
        select token_id, address, at from new_address join room using (token_id) where place <= places
        union all
        select token_id, address, at from given_address where last_used_at < at - interval '1 minute'
      ) placed_address
      cross join lateral (select (at at time zone 'UTC')::date as day) of_call
      order by token_id, address
      on conflict (token_id, address) do update set last_used_at = excluded.last_used_at,
        used_days = (coalesce(token_addresses.used_days, '{}') + excluded.used_days)
          * datemultirange(daterange(lower(excluded.used_days) - ${constant(addressDaysKept - 1)}, null))
      where token_addresses.last_used_at < excluded.last_used_at
    )
    select distinct token_id from new_address join room using (token_id) where place > places`).sql

/**
 * Adds a batch to what is known, whole or not at all, and once, however often it is sent. Tokens that do not exist
 * are left out; an older moment never replaces a newer one. None is later than the
 * database's own: a clock that runs ahead would hide later calls. Every table is written in the order of its key,
 * and all writers go through the tables in the same order, so that none can lock another out.
 * Calls with tokens that were cut off are counted, and nobody is notified of each: there may be a million.
 * @returns the tokens that have more addresses than are kept.
 */
export async function writeUsageBatch(db: Database, batch: NumberedBatch): Promise<string[]> {
  const { rows } = await db.$client.query<{ token_id: string }>({
    name: 'write-usage',
    text: statement,
    values: valuesOf(batch),
  })
  return rows.map((row) => row.token_id)
}

/**
 * Forgets, of each of the tokens, up to 20 addresses that were not used for a day, the oldest first: those that come
 * now are worth more. Never waits for a row: what another process has in hand stays.
 */
export async function forgetOldAddresses(db: Queryable, tokenIds: string[]) {
  await db.execute(sql`
    delete from ${tokenAddresses} where ctid = any(array(
      select old.ctid from json_array_elements_text(${JSON.stringify(tokenIds)}::json) as given (id)
      cross join lateral (
        select ctid from ${tokenAddresses}
        where ${tokenAddresses.tokenId} = given.id::uuid and ${tokenAddresses.lastUsedAt} < now() - interval '1 day'
        order by ${tokenAddresses.lastUsedAt} limit 20
        for update skip locked
      ) old
    ))`)
}
