import { createHash, randomUUID } from 'node:crypto'
import { type SQL, sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { buildPartner, buildStore, buildToken, buildUser, grantAccess } from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { appRole, connect, type Queryable } from '../client.ts'
import { listAuditEventsOfToken } from './audit-events.ts'
import { readBacklog } from './database/backlog.ts'
import { takeEvents } from './notifications/events.ts'
import { giveUpMails, listUntriedMails } from './notifications/mails.ts'
import { countUnreadNotices } from './notifications/notices.ts'
import {
  listTextsExpiringIn,
  listTokensExpiringIn,
  listUnadoptedMadeIn,
  listUnadoptedOfEndingIn,
} from './notifications/reminders.ts'
import { listDueDeliveries } from './notifications/webhook-deliveries.ts'
import { listAccess } from './partners/access-list.ts'
import { lockAccessOfTokens } from './partners/partner-access.ts'
import type { Party } from './party.ts'
import { listEndedSince } from './plans/bulk-plans.ts'
import { insertCutOff, listCutOffsOf } from './tokens/cut-offs.ts'
import { listEndedTokens } from './tokens/ended-lists.ts'
import { forgetExpiredHandovers } from './tokens/handovers.ts'
import { lockPlansToCarryOut } from './tokens/retirement-plans.ts'
import { takeDueChecks } from './tokens/token-checks.ts'
import { countTokens } from './tokens/token-counts.ts'
import { countLiveTokens, listLiveTokens, type TokenSort } from './tokens/token-lists.ts'
import { findLastCreation, findLiveSiblings } from './tokens/token-siblings.ts'
import { findLaterInChain, findTokens } from './tokens/tokens.ts'
import { listTokensOfPair } from './tokens/tokens-of-pair.ts'
import { lookUpStatement } from './verification/look-up-tokens.ts'

/** Enough that the planner, left to choose, would notice the price of reading a table whole. */
const stores = 2_000
const tokensOfStore = 12
const waiting = 20_000
const due = 10

const { owner, ownerUrl } = prepareTestDatabase()
let store: Party & { side: 'merchant' }
let partner: Party & { side: 'partner' }
let tokenIds: string[]

beforeAll(async () => {
  // Rows by ten thousands with their triggers: on a busy machine longer than the application waits for any statement.
  const filling = connect({ url: ownerUrl, applicationName: 'test', role: 'owner', queryTimeoutMs: 300_000 })
  const run = (query: SQL) => filling.execute(query)
  const [user, known] = [await buildUser(owner), await buildPartner(owner, { id: 'ypa-000000000007' })]
  await run(sql`insert into partners (id, name) select 'ypa-' || (100000000000 + n), 'Company ' || n
    from generate_series(1, 200) n`)
  await run(sql`insert into stores (id, name, package) select 'yhst-' || (10000000000000 + n), 'Shop ' || n, 'standard'
    from generate_series(1, ${stores}::int) n`)
  await run(sql`insert into partner_access (store_id, store_name, partner_id, partner_name, apis)
    select stores.id, stores.name, partners.id, partners.name, '{order}' from stores join partners
      on partners.id = ${known.id} or right(stores.id, 3)::int % 200 + 100000000001 = right(partners.id, 12)::bigint`)
  await run(sql`insert into tokens (id, hash, last_characters, store_id, partner_id, created_at, expires_at)
    select md5('token' || row_number() over ())::uuid, sha256(('token' || row_number() over ())::bytea), 'abcd', store_id,
      partner_id, now() - n * interval '3 days', now() + (n * 30 - 60) * interval '1 day' + (1 + random()) * interval '12 hours'
    from partner_access cross join generate_series(1, ${tokensOfStore / 2}::int) n`)
  // One store has more than a page of them.
  await run(sql`insert into tokens (id, hash, last_characters, store_id, partner_id, created_at, expires_at)
    select md5('many' || n)::uuid, sha256(('many' || n)::bytea), 'abcd', 'yhst-10000000000001', ${known.id},
      now() - n * interval '1 hour', now() + (100 + n * 7 % 900) * interval '1 day' from generate_series(1, 3000) n`)
  // Successors, one each ten seconds, whose ids begin with the time.
  await run(sql`insert into tokens (id, hash, last_characters, store_id, partner_id, predecessor_id, created_at, expires_at)
    select (lpad(to_hex((extract(epoch from made_at) * 1000)::bigint), 12, '0') || lpad(to_hex(n), 20, '0'))::uuid,
      sha256(('successor' || n)::bytea), 'abcd', old.store_id, old.partner_id, old.id, made_at, now() + interval '100 days'
    from (select * from tokens where store_id = 'yhst-10000000000002' and partner_id <> ${known.id}
        order by expires_at desc limit 1) old,
      generate_series(1, 2000) n, lateral (select now() - interval '7 days' + (n - 1000) * interval '10 s' as made_at) made`)
  // In one store a great many were revoked that stand before all others.
  await run(sql`insert into tokens (id, hash, last_characters, store_id, partner_id, created_at, expires_at)
    select md5('front' || n)::uuid, sha256(('front' || n)::bytea), 'abcd', 'yhst-10000000000003', ${known.id},
      now() - interval '1 year', now() + n * interval '1 minute' from generate_series(1, 2000) n`)
  await run(sql`insert into revocations (token_id, store_id, partner_id, revoked_at, side, user_id, reason)
    select id, store_id, partner_id, now(), 'merchant', ${user.id}::uuid, 'exposed' from tokens
    where store_id = 'yhst-10000000000003' and created_at < now() - interval '11 months'`)
  await run(sql`insert into retirement_plans (successor_id, token_id, retire_at, planned_at, side, user_id)
    select id, id, case when row_number() over () <= ${due} then now() - interval '1 hour' else now() + interval '9 days' end,
      now(), 'partner', ${user.id}::uuid from tokens limit ${waiting}`)
  await run(sql`insert into handovers (token_id, encrypted_text, collect_until)
    select id, 'x', case when row_number() over () <= ${due} then now() - interval '1 hour' else now() + interval '9 days' end
    from tokens limit ${waiting}`)
  await run(sql`delete from token_checks where due_at <= now()`)
  await run(sql`insert into webhook_endpoints (id, store_id, url, encrypted_secret, kinds, created_at, created_by)
    select md5('endpoint' || n)::uuid, 'yhst-10000000000001', 'https://r.example/', 'x', '{}', now(), ${user.id}::uuid
    from generate_series(1, 1000) n`)
  await run(sql`insert into webhook_deliveries (id, endpoint_id, event_id, kind, payload, created_at, next_attempt_at)
    select gen_random_uuid(), md5('endpoint' || 1 + n % 1000)::uuid, n, 'token.revoked', '{}', now(),
      now() + case when n <= ${due} then interval '-1 hour' else interval '1 hour' end from generate_series(1, ${waiting}::int) n`)
  await run(sql`insert into mails (id, to_address, subject, body, created_at, attempts, next_look_at)
    select gen_random_uuid(), 'desk@example.com', 'x', case when n % 2 = 0 then 'x' end, now(),
      case when n % 2 = 1 or n <= 2 * ${due} then 0 else 1 end,
      case when n % 2 = 0 and n > 4 * ${due} then now() + interval '1 hour' end from generate_series(1, ${waiting}::int) n`)
  await run(sql`insert into audit_events (occurred_at, action, store_id, partner_id, token_id)
    select now(), 'token.issued', store_id, partner_id, id from tokens`)
  await run(sql`insert into events (kind, operation_id, occurred_at, store_id, partner_id, dispatched_at)
    select 'token.issued', gen_random_uuid(), now(), store_id, partner_id,
      case when row_number() over () > ${due} then now() end from tokens`)
  await run(sql`insert into notices (id, user_id, side, kind, operation_id, store_id, partner_id, token_count, occurred_at, read_at)
    select gen_random_uuid(), ${user.id}::uuid, 'merchant', 'token.issued', gen_random_uuid(), store_id, partner_id, 1, now(),
      case when row_number() over () > ${due} then now() end from tokens limit ${waiting}`)
  await run(sql`vacuum analyze`)
  store = { side: 'merchant', storeId: 'yhst-10000000000001' }
  const { rows } = await run(sql`select id from tokens
    where store_id = ${store.storeId} and partner_id = ${known.id} limit 3`)
  partner = { side: 'partner', partnerId: known.id }
  tokenIds = rows.map(({ id }) => `${id}`)
  unreadOf = user.id
  await filling.$client.end()
}, 400_000)
let unreadOf: string

type Plan = { [name: string]: unknown; Plans?: Plan[] }
type Visits = { sequential: string[]; indexes: Set<string>; rows: number }

/** What the statements of `work` read, as the application has them planned. Nothing they change stays. */
async function visitsOf(work: (db: Queryable) => Promise<unknown>): Promise<Visits> {
  const visits: Visits = { sequential: [], indexes: new Set(), rows: 0 }
  const client = await owner.$client.connect()
  try {
    await client.query(`begin; set local role ${appRole}; set local join_collapse_limit = 1`)
    const explain = async ({ text, ...how }: { text: string; rowMode?: string }, values: unknown[] = []) => {
      await client.query('savepoint explained')
      const { rows } = await client.query(`explain (analyze, timing off, format json) ${text}`, values)
      await client.query('rollback to explained')
      note(rows[0]['QUERY PLAN'][0].Plan)
      // Two columns may have one name: whoever asks for rows as arrays has each.
      return client.query({ text, values, ...('rowMode' in how && { rowMode: 'array' }) })
    }
    const note = ({ Plans = [], ...node }: Plan) => {
      const table = node['Relation Name']
      const rows = Number(node['Actual Rows']) + Number(node['Rows Removed by Filter'] ?? 0)
      if (node['Index Name']) visits.indexes.add(`${node['Index Name']}`)
      if (table || node['Index Name']) visits.rows += Math.round(rows * Number(node['Actual Loops']))
      if (node['Node Type'] === 'Seq Scan' && Number(node['Actual Loops']) > 0 && rows > 1_000)
        visits.sequential.push(`${table}`)
      for (const inner of Plans) note(inner)
    }
    const { drizzle } = await import('drizzle-orm/node-postgres')
    const explaining = {
      query: (config: { text: string; rowMode?: string }, values?: unknown[]) =>
        /^(select|insert|update|delete|with)/i.test(config.text.trim())
          ? explain(config, values)
          : client.query(config, values as never),
    }
    await work(drizzle({ client: explaining as never }) as unknown as Queryable)
    return visits
  } finally {
    await client.query('rollback')
    client.release()
  }
}

const list =
  (scope: () => Party, sort: TokenSort, more: object = {}) =>
  (on: Queryable) =>
    listLiveTokens(on, scope(), {
      ...{
        show: 'active' as const,
        expiringWithinDays: 30,
        sort,
        direction: 'asc' as const,
        limit: 25,
        filter: {},
      },
      ...more,
    })
const party = (text: string) => ({ ofParty: text, ofToken: null })
/** Of a token itself: by itself a search that no name is looked through for. */
const token = (ofToken: object) => ({ ofParty: null, ofToken })
const ofLast = (text: string) => token({ by: 'last-characters', text })
const ofStore = () => store
const ofPartner = () => partner
const ofSmallPartner = (): Party => ({ side: 'partner', partnerId: 'ypa-100000000001' })
const ofRevoked = (): Party => ({ side: 'merchant', storeId: 'yhst-10000000000003' })
const ofRenewed = (): Party => ({ side: 'merchant', storeId: 'yhst-10000000000002' })
const numbersOf = (scope: () => Party, limit: number) => (on: Queryable) =>
  countTokens(on, scope(), { withinDays: 30, limit })
const counting = { show: 'active' as const, expiringWithinDays: 30, limit: 10_001 }
const now = new Date()
const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000)

/** What a reminder's job of each minute walks: there are tokens in it, and many more before and after. */
const aMinute = (days: number) => ({
  window: { after: inDays(days), until: inDays(days + 1 / 1440) },
  ...{ key: 'reminder', now, cursor: null, limit: 10_000 },
})

/** The hottest statements, and those of each minute: what they may read goes by what they show or find due. */
const statements: Record<string, [(on: Queryable) => Promise<unknown>, number]> = {
  'the look-up of a token': [
    (on) => on.execute(sql`${sql.raw(lookUpStatement.replace('$1', "array[sha256('token7')]"))}`),
    10,
  ],
  'a store’s tokens by expiry': [list(ofStore, 'expires'), 600],
  'a store’s tokens by creation': [list(ofStore, 'created'), 600],
  'a store’s tokens by name': [list(ofStore, 'name'), 600],
  'a partner’s tokens by expiry': [list(ofPartner, 'expires'), 6_000],
  'a partner’s tokens by creation': [list(ofPartner, 'created'), 600],
  'a partner’s tokens by name': [list(ofPartner, 'name'), 900],
  'a search that finds nothing': [list(ofPartner, 'expires', { search: party('nothing of that name') }), 20],
  'a search of two characters that finds nothing': [list(ofPartner, 'name', { search: party('qq') }), 20],
  'a search by an ID': [list(ofPartner, 'name', { search: party('0000000001234') }), 300],
  'a search by last characters that finds nothing': [list(ofPartner, 'name', { search: ofLast('wxyz') }), 5],
  'the same in a store’s list, by need': [list(ofStore, 'needs', { search: ofLast('wxyz') }), 12_000],
  'a search by last characters, or a name, that finds nothing': [
    list(ofPartner, 'expires', { search: { ...ofLast('wxyz'), ofParty: 'wxyz' } }),
    20,
  ],
  'a search by the hash of a token': [
    list(ofPartner, 'expires', {
      search: token({ by: 'hash', hash: createHash('sha256').update('token7').digest() }),
    }),
    40,
  ],
  'a search by the id of a token': [
    list(ofPartner, 'created', { search: token({ by: 'id', id: '01900000-0000-7000-8000-000000000001' }) }),
    5,
  ],
  'ended tokens by last characters': [
    (on) => listEndedTokens(on, partner, { direction: 'desc', limit: 25, search: ofLast('wxyz') as never }),
    5,
  ],
  'a store’s tokens by need': [list(ofStore, 'needs'), 12_000],
  'a store’s tokens that wait to be collected': [
    list(ofStore, 'name', { filter: { waiting: { withinDays: 14 } } }),
    16_000,
  ],
  'a store’s tokens by their last use': [list(ofStore, 'used'), 16_000],
  'a store’s tokens behind two thousand revoked ones': [list(ofRevoked, 'expires'), 400],
  'the same by creation': [list(ofRevoked, 'created'), 400],
  'the same by name': [list(ofRevoked, 'name'), 400],
  'a partner’s tokens that nobody used for 90 days: none': [
    list(ofPartner, 'name', { filter: { quietForDays: 90 } }),
    20,
  ],
  'a store’s tokens that were used in the last 24 hours: none': [
    list(ofStore, 'created', { filter: { use: { withinDays: 1 } } }),
    20,
  ],
  'a partner’s Renewed tokens: none': [list(ofPartner, 'name', { filter: { mark: 'renewed' } }), 20],
  'a partner’s Renewed tokens by expiry: none': [
    list(ofPartner, 'expires', { filter: { mark: 'renewed' } }),
    20,
  ],
  'a partner’s tokens that were issued before a day on which there were none': [
    list(ofPartner, 'expires', { filter: { issuedBefore: new Date('2020-01-01') } }),
    20,
  ],
  'a store’s ended tokens of one side: none': [
    (on) => listEndedTokens(on, ofRevoked(), { direction: 'desc', limit: 25, filter: { by: 'partner' } }),
    20,
  ],
  'a store’s ended tokens for one reason': [
    (on) => listEndedTokens(on, ofRevoked(), { direction: 'desc', limit: 25, filter: { reason: 'exposed' } }),
    600,
  ],
  'how many a filter finds: none': [
    (on) => countLiveTokens(on, partner, { ...counting, filter: { quietForDays: 90 } }),
    20,
  ],
  'a store’s list of partners': [(on) => listAccess(on, store, { direction: 'asc', limit: 25 }), 300],
  'ended tokens of a partner': [(on) => listEndedTokens(on, partner, { direction: 'desc', limit: 25 }), 900],
  'the numbers of a store’s tabs': [numbersOf(ofStore, 10_000), 8_000],
  'the numbers of a partner’s tabs, up to a hundred': [numbersOf(ofPartner, 100), 600],
  'all tokens of a pair': [
    (on) => listTokensOfPair(on, store, { storeId: store.storeId, partnerId: partner.partnerId }, 20),
    200,
  ],
  'tokens by their ids': [(on) => findTokens(on, store, tokenIds), 100],
  'what revoking locks': [(on) => lockAccessOfTokens(on, partner, tokenIds), 50],
  'siblings of tokens': [(on) => findLiveSiblings(on, partner, tokenIds, 10), 200],
  'the record of a token': [(on) => listAuditEventsOfToken(on, partner, tokenIds[0] ?? '', 10), 20],
  'unread notices': [
    (on) =>
      countUnreadNotices(
        on,
        { userId: unreadOf, side: 'merchant', secondFactor: null },
        { limit: 100, accountDays: 30 },
      ),
    2 * due,
  ],
  'the outbox': [(on) => takeEvents(on, { without: [], limit: 500 }), 3 * due],
  'mails to queue': [(on) => listUntriedMails(on, 500), 3 * due],
  'mails to give up': [(on) => giveUpMails(on, 500), 20 * due],
  'what waits, for the metrics': [readBacklog, 3_100],
  'tokens that expire in a minute': [
    (on) => listTokensExpiringIn(on, { ...aMinute(30.75), days: 30 }),
    30 * due,
  ],
  'texts that expire in a minute': [(on) => listTextsExpiringIn(on, aMinute(-1.0001 / 24)), 10 * due],
  'unused successors that were made in a minute': [
    (on) => listUnadoptedMadeIn(on, { ...aMinute(-7), clocksDifferByMs: 60_000, oldWorksUntil: inDays(14) }),
    8 * due,
  ],
  'unused successors of what ends in a minute': [
    (on) => listUnadoptedOfEndingIn(on, { ...aMinute(0.75), madeUntil: now }),
    30 * due,
  ],
  'webhooks due': [(on) => listDueDeliveries(on, { ofEndpoint: 10, all: 500 }), 10 * due],
  'texts that nobody collected': [(on) => forgetExpiredHandovers(on, 1_000), 8 * due],
  'plans whose day has come': [
    (on) => lockPlansToCarryOut(on, { checked: [], besides: [], limit: 50 }),
    20 * due,
  ],
  'plans to look at': [(on) => takeDueChecks(on, 'plan', 50), 5],
}

test.each(Object.entries(statements))('%s reads no table whole', async (_name, [work, most]) => {
  const { sequential, rows } = await visitsOf(work)
  expect(sequential).toEqual([])
  expect(rows).toBeLessThanOrEqual(most)
})

describe('each index of the tokens serves a query', () => {
  const ended = (scope: () => Party) => (on: Queryable) =>
    listEndedTokens(on, scope(), { direction: 'desc', limit: 25 })
  const cutOff = (extent: { storeId: string; partnerId: string }) => (on: Queryable) => {
    const person = { side: 'partner' as const, userId: unreadOf, userName: 'x', userRole: undefined }
    return insertCutOff(on, { id: randomUUID(), ...extent, ...person, reason: 'exposed', note: undefined })
  }
  const uses: Record<string, (on: Queryable) => Promise<unknown>> = {
    tokens_pkey: (on) => findTokens(on, store, tokenIds.slice(0, 1)),
    tokens_hash: statements['the look-up of a token']?.[0] as never,
    tokens_of_pair: (on) => findLiveSiblings(on, partner, tokenIds, 10),
    tokens_of_pair_by_creation: (on) => findLastCreation(on, partner, tokenIds),
    tokens_of_store_by_expiry: ended(ofStore),
    tokens_of_store_by_creation: cutOff({ storeId: 'yhst-10000000000001', partnerId: '' }),
    // The other partner has half of all tokens, and its first page may as well be found among everybody's.
    tokens_of_partner_by_expiry: ended(ofSmallPartner),
    tokens_of_partner_by_creation: cutOff({ storeId: '', partnerId: 'ypa-100000000001' }),
    tokens_of_store_by_last_characters: list(ofStore, 'name', { search: ofLast('wxyz') }),
    tokens_of_partner_by_last_characters: list(ofPartner, 'name', { search: ofLast('wxyz') }),
    tokens_by_expiry: (on) =>
      listTokensExpiringIn(on, {
        ...{ window: { after: now, until: inDays(1) }, key: 'token.expiring:1', now, cursor: null },
        ...{ limit: 100, days: 1 },
      }),
    tokens_successors: (on) => findLaterInChain(on, partner, tokenIds),
  }

  const walked: typeof uses = {
    live_tokens_of_store_by_expiry: list(ofStore, 'expires'),
    live_tokens_of_store_by_creation: list(ofStore, 'created'),
    live_tokens_of_store_by_use: list(ofStore, 'expires', { filter: { quietForDays: 90 } }),
    live_tokens_of_partner_by_expiry: list(ofSmallPartner, 'expires'),
    live_tokens_of_partner_by_creation: list(ofPartner, 'created'),
    live_tokens_of_partner_by_use: list(ofPartner, 'expires', { filter: { quietForDays: 90 } }),
    live_tokens_of_pair: list(ofPartner, 'name'),
    renewed_tokens_of_store: list(ofRenewed, 'expires', { filter: { mark: 'renewed' } }),
    renewed_tokens_of_partner: list(ofSmallPartner, 'expires', { filter: { mark: 'renewed' } }),
  }

  test.each(['tokens', 'live_tokens'])('all of %s are listed here', async (table) => {
    const { rows } = await owner.execute<{ indexname: string }>(
      sql`select indexname from pg_indexes where tablename = ${table} order by 1`,
    )
    const listed =
      table === 'tokens' ? uses : { ...walked, live_tokens_pkey: null, renewed_tokens_of_pair: null }
    expect(rows.map(({ indexname }) => indexname)).toEqual(Object.keys(listed).sort())
  })

  test.each(Object.entries({ ...uses, ...walked }))('%s', async (name, work) => {
    expect([...(await visitsOf(work)).indexes]).toContain(name)
  })
})

test('what a revocation or an adoption makes due is found without walking what waits', async () => {
  const [shop, company] = [await buildStore(owner), await buildPartner(owner)]
  await grantAccess(owner, { store: shop, partner: company })
  const pair = { storeId: shop.id, partnerId: company.id }
  const old = await buildToken(owner, pair)
  const successor = await buildToken(owner, { ...pair, predecessorId: old.id })
  await owner.execute(sql`insert into retirement_plans (successor_id, token_id, planned_at, side, user_id)
    values (${successor.id}, ${old.id}, now(), 'partner', ${unreadOf})`)
  await owner.execute(sql`insert into token_adoptions (token_id, adopted_at) values (${successor.id}, now())`)
  const { rows } = await visitsOf(async (on) => {
    const checked = await takeDueChecks(on, 'plan', 50)
    expect(checked).toContain(successor.id)
    expect(await lockPlansToCarryOut(on, { checked, besides: [], limit: 50 })).toEqual(
      expect.arrayContaining([expect.objectContaining({ successorId: successor.id, isReady: true })]),
    )
  })
  expect(rows).toBeLessThan(25 * due)
})

describe('beside a thousand cut-offs of others, and a thousand of the pair before its tokens', () => {
  beforeAll(async () => {
    await owner.execute(sql`insert into cut_offs (id, store_id, partner_id, at, side, user_id, reason)
      select gen_random_uuid(), 'yhst-' || (10000000001000 + n % 500), '', now() - n * interval '1 hour', 'merchant',
        ${unreadOf}::uuid, 'exposed' from generate_series(1, 1000) n`)
    await owner.execute(sql`insert into cut_offs (id, store_id, partner_id, at, side, user_id, reason)
      select gen_random_uuid(), ${store.storeId}, ${partner.partnerId}, now() - interval '1 year' - n * interval '1 hour',
        'merchant', ${unreadOf}::uuid, 'exposed' from generate_series(1, 1000) n`)
    await owner.execute(sql`analyze cut_offs`)
  })

  const ofPair = sql.raw(lookUpStatement.replace('$1', "array[sha256('many7')]"))
  test.each<[string, (on: Queryable) => Promise<unknown>, number]>([
    ['the look-up of a token', (on) => on.execute(sql`${ofPair}`), 10],
    ['a store’s tokens by creation', list(ofStore, 'created'), 600],
    [
      'ended tokens of a partner',
      (on) => listEndedTokens(on, partner, { direction: 'desc', limit: 25 }),
      900,
    ],
    ['tokens by their ids', (on) => findTokens(on, store, tokenIds), 100],
    ['siblings of tokens', (on) => findLiveSiblings(on, partner, tokenIds, 10), 200],
    ['cut-offs of a store that had none', (on) => listCutOffsOf(on, ofRevoked(), 50), 10],
  ])('%s walks none of them', async (_name, work, most) => {
    const { sequential, indexes, rows } = await visitsOf(work)
    expect(sequential).toEqual([])
    expect(indexes).not.toContain('cut_offs_by_time')
    // Three of them for each token at most.
    expect(rows).toBeLessThanOrEqual(2 * most)
  })

  // Frozen a moment ago: whatever ended before is none of its business.
  test.each([1, 100_000])(
    'what ended of a plan of %i since then begins with the cut-offs since then',
    async (planTokens) => {
      const { sequential, rows } = await visitsOf((on) =>
        listEndedSince(on, partner, { planId: randomUUID(), planTokens, since: now, limit: 21 }),
      )
      expect(sequential).toEqual([])
      expect(rows).toBeLessThanOrEqual(10)
    },
  )
})
