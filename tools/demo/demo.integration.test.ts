import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findUserByEmail } from '#db/queries/people/users.ts'
import { lookUpTokens } from '#db/queries/verification/look-up-tokens.ts'
import { accessHistory } from '#lib/audit/history.ts'
import { verifyPassword } from '#lib/auth/passwords/password.ts'
import { decrypt } from '#lib/encryption/encryption.ts'
import { testKeys } from '#lib/encryption/test-keyring.ts'
import { readInbox } from '#lib/notifications/inbox.ts'
import { changeApis } from '#lib/partners/change-apis.ts'
import { removePartner } from '#lib/partners/remove-partner.ts'
import { collectToken } from '#lib/tokens/collect.ts'
import { executeRetirements } from '#lib/tokens/execute-retirements.ts'
import type { Api } from '#lib/tokens/model/policy.ts'
import { hexHashOf } from '#lib/tokens/model/secret.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import { listTokens, tokensPerPage } from '#lib/tokens/review/list.ts'
import { readListQuery } from '#lib/tokens/review/list-query.ts'
import { reviewRevocation } from '#lib/tokens/review/review.ts'
import { revokeTokens } from '#lib/tokens/revoke.ts'
import { retryDelaysSeconds } from '#lib/webhooks/delivery/retry.ts'
import { listWebhooks, readDeliveryLog } from '#lib/webhooks/list.ts'
import { prepareTestDatabase } from '../test-databases/test-database.ts'
import { demoBanner } from './banner.ts'
import { demoAccounts, demoOwnerEmail, demoPair, demoStores } from './demo-data.ts'
import { demoToken } from './demo-token.ts'
import { seedDemo, seedManyTokens } from './seed-demo.ts'

const { db, owner, ownerUrl, appUrl } = prepareTestDatabase()
let dataDir: string

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'partner-tokens-demo-'))
  expect(await seedDemo(ownerUrl, { keys: testKeys })).toBe('filled')
})

afterAll(async () => {
  await rm(dataDir, { recursive: true })
})

async function count(statement: string): Promise<number> {
  const { rows } = await owner.$client.query(`select count(*)::int as count from ${statement}`)
  return rows[0].count
}

async function actorOf(email: string) {
  const user = await findUserByEmail(db, email)
  if (!user) throw new Error(email)
  return { userId: user.id, userName: user.name, role: 'owner' as const }
}

async function tokensOf(storeId: string, show: string): Promise<Token[]> {
  const actor = { side: 'merchant' as const, ...(await actorOf(demoOwnerEmail)), storeId }
  const { tokens } = await listTokens(actor, readListQuery({ show }, actor.side), { db })
  return tokens
}

async function issuedDemoToken() {
  const token = await demoToken(appUrl, dataDir, testKeys)
  if (!token) throw new Error('no demo token')
  return token
}

test('a token waits to be collected, somebody is invited, and a partner’s access has a history', async () => {
  const waiting = (await tokensOf(demoPair.storeId, 'active')).filter(
    ({ handoverStatus }) => handoverStatus === 'waiting',
  )
  expect(waiting).toHaveLength(1)
  const actor = { side: 'merchant' as const, ...(await actorOf(demoOwnerEmail)), storeId: demoPair.storeId }
  const collected = await collectToken(
    actor,
    { tokenId: waiting[0]?.id ?? '' },
    { db, address: null, keys: testKeys },
  )
  expect(collected).toMatchObject({ ok: true })
  expect(await count(`invitations where store_id = '${demoPair.storeId}' and expires_at > now()`)).toBe(1)
  expect(await accessHistory(actor, demoPair.partnerId, { db })).toMatchObject([{ action: 'access.added' }])
})

test('the first demo store shows every state', async () => {
  const active = await tokensOf(demoPair.storeId, 'active')
  const ended = await tokensOf(demoPair.storeId, 'ended')
  const parcelPilot = active.filter((token) => token.partnerId === demoPair.partnerId)
  const renewed = parcelPilot.find((token) => token.status === 'renewed' && token.inUse)
  expect(parcelPilot.some((token) => token.predecessorId === renewed?.id)).toBe(true)
  expect(active.some((token) => token.status === 'new' && token.lastUsedAt === null)).toBe(true)
  expect(active.some((token) => token.expiring)).toBe(true)
  expect(
    active.some(({ lastUsedAt, asOf }) => lastUsedAt && asOf.getTime() - lastUsedAt.getTime() < 600_000),
  ).toBe(true)
  expect(ended.some((token) => token.status === 'expired')).toBe(true)
  const ends = new Set(ended.map((token) => `${token.revokedFrom} ${token.reason}`))
  for (const side of ['merchant', 'partner']) {
    for (const reason of ['no-longer-working-together', 'exposed', 'another-expiry-date', 'other']) {
      expect(ends).toContain(`${side} ${reason}`)
    }
  }
})

test('one demo store has more live tokens than a page holds', async () => {
  expect(await count(`tokens where store_id = 'harbor-lights' and expires_at > now()`)).toBeGreaterThan(
    2 * tokensPerPage,
  )
})

/** What there must be none of, however many tokens there are. */
const contradictions = {
  'happened before its cause or after its end': `tokens
    left join tokens predecessor on predecessor.id = tokens.predecessor_id
    left join revocations on revocations.token_id = tokens.id
    left join revocations predecessor_end on predecessor_end.token_id = tokens.predecessor_id
    left join token_usage on token_usage.token_id = tokens.id
    join partner_access on partner_access.store_id = tokens.store_id
      and partner_access.partner_id = tokens.partner_id
    where tokens.created_at < partner_access.added_at
      or tokens.created_at >= least(tokens.expires_at, revocations.revoked_at, token_usage.last_used_at, now())
      or tokens.created_at <= predecessor.created_at
      or tokens.created_at >= least(predecessor.expires_at, predecessor_end.revoked_at)
      or token_usage.last_used_at >= least(tokens.expires_at, revocations.revoked_at, now())
      or revocations.revoked_at >= least(tokens.expires_at, now())`,
  'has calls in an hour before its creation or after its last use': `token_usage_hours join tokens on tokens.id = token_id
    left join token_usage usage on usage.token_id = tokens.id and calls > 0
    where hour > now() or hour > usage.last_used_at or hour + interval '1 hour' <= tokens.created_at`,
  'has calls on a day before its creation or after its last use': `token_usage_days join tokens on tokens.id = token_id
    left join token_usage usage on usage.token_id = tokens.id and calls > 0
    where day < (tokens.created_at at time zone 'UTC')::date or day > (usage.last_used_at at time zone 'UTC')::date`,
  'was called from an address before its creation or after its last use': `token_addresses
    join tokens on tokens.id = token_id left join token_usage using (token_id)
    where token_addresses.last_used_at < tokens.created_at or token_usage.last_used_at is null
      or token_addresses.last_used_at > token_usage.last_used_at`,
  'was used of late, and has no calls': `token_usage where last_used_at > now() - interval '30 days' and not (
    exists (select from token_usage_hours hours where hours.token_id = token_usage.token_id and calls > 0)
    or exists (select from token_usage_days days where days.token_id = token_usage.token_id and calls > 0))`,
  'has hours of calls to an API that is not ticked': `token_usage_hours join tokens on tokens.id = token_id
    join partner_access using (store_id, partner_id) where not (api = any(apis))`,
  'has days of calls to an API that is not ticked': `token_usage_days join tokens on tokens.id = token_id
    join partner_access using (store_id, partner_id) where not (api = any(apis))`,
  'was used of late, and no address says from where': `token_usage
    where last_used_at > now() - interval '30 days' and not exists (
      select from token_addresses latest where latest.token_id = token_usage.token_id
        and latest.address = token_usage.last_address and latest.last_used_at = token_usage.last_used_at)`,
  'was issued, and the record does not say so': `tokens where not exists (
    select from audit_events where action = 'token.issued' and token_id = tokens.id)`,
  'was renewed, and the record does not say so': `tokens where predecessor_id is not null and not exists (
    select from audit_events where action = 'token.renewed' and token_id = predecessor_id
      and details ->> 'successorId' = tokens.id::text)`,
  'was revoked, and the record does not say so': `revocations where not exists (
    select from audit_events where action = 'token.revoked' and token_id = revocations.token_id)`,
  'was done by nobody': 'audit_events where user_id is null or side is null',
  'was renewed twice at once': `tokens join tokens other using (predecessor_id) where tokens.id < other.id
    and not exists (select from revocations where token_id in (tokens.id, other.id))`,
}

test.each(Object.entries(contradictions))('nothing in the demo %s', async (_, statement) => {
  expect(await count(statement)).toBe(0)
})

test('the programs of the demo that bear a name are those of the partner that the token belongs to', async () => {
  const { rows } = await owner.$client.query<{ client: string; partners: string[] }>(
    `select split_part(last_client, '/', 1) as client, array_agg(distinct partner_id) as partners
     from token_usage join tokens on tokens.id = token_id group by client`,
  )
  const partnersOf = new Map(rows.map(({ client, partners }) => [client, partners]))
  expect(partnersOf.get('ParcelPilot')).toEqual([demoPair.partnerId])
  expect(partnersOf.get('LedgerLink')).toEqual(['ypa-005259400002'])
  expect(
    await count(`tokens join token_usage on id = token_id
    where partner_id = '${demoPair.partnerId}' and last_client not like 'ParcelPilot/%'`),
  ).toBe(0)
})

test('calls after a revocation are in the demo as often as they were refused', async () => {
  expect(
    await count(`revoked_token_attempts join revocations using (token_id)
      where first_at <= revoked_at or last_at < first_at or last_at >= now()
        or (attempts = 1 and first_at <> last_at) or attempts <> (
          select sum(refusals) from (
            select token_id, refusals from token_usage_hours where hour > revoked_at
            union all select token_id, refusals from token_usage_days where day > revoked_at
          ) since where since.token_id = revocations.token_id)`),
  ).toBe(0)
  const ended = await tokensOf(demoPair.storeId, 'ended')
  expect(ended.find(({ attempts }) => attempts?.count === 14)).toMatchObject({ reason: 'exposed' })
})

test('the demo shows calls by day, a weekend, a blast radius, and a renewal that was never installed', async () => {
  const actor = {
    side: 'merchant' as const,
    ...(await actorOf(demoOwnerEmail)),
    storeId: demoPair.storeId,
  }
  const { tokens, usage } = await listTokens(actor, readListQuery({}, actor.side), { db })
  const old = tokens.find(({ partnerId, status }) => partnerId === demoPair.partnerId && status === 'renewed')
  if (!old) throw new Error('no renewed token')
  const calls = (usage.get(old.id) ?? []).map(({ day, calls }) => ({
    weekend: [0, 6].includes(new Date(day).getUTCDay()),
    calls,
  }))
  const quietest = Math.min(...calls.slice(0, -1).flatMap(({ weekend, calls }) => (weekend ? [] : [calls])))
  expect(quietest).toBeGreaterThan(0)
  for (const { weekend, calls: ofDay } of calls) if (weekend) expect(ofDay).toBeLessThan(quietest)
  const review = await reviewRevocation(actor, [old.id], { db })
  const { blastRadius } = review.live[0] ?? {}
  expect(blastRadius?.calls).toBeGreaterThan(0)
  expect(blastRadius?.addresses).toBeGreaterThan(0)
  expect(blastRadius?.successor?.lastUsedAt).toBeNull()
})

test('the record of the demo says nothing of what is not there', async () => {
  expect(await count(`audit_events where action = 'token.renewed'`)).toBe(
    await count('tokens where predecessor_id is not null'),
  )
  expect(await count(`audit_events where action = 'token.revoked'`)).toBe(await count('revocations'))
})

test('old tokens of both sides will be revoked by themselves: when the new one is adopted, or on a date to come', async () => {
  const open = `retirement_plans plan join tokens on tokens.id = plan.token_id where settled_at is null`
  expect(await count(`${open} and retire_at > now() and store_id = '${demoPair.storeId}'`)).toBe(1)
  const onAdoption = `${open} and retire_at is null and not exists (
    select from token_adoptions where token_adoptions.token_id = successor_id)`
  expect(await count(`${onAdoption} and store_id = '${demoPair.storeId}'`)).toBe(1)
  expect(await count(`${onAdoption} and partner_id = '${demoPair.partnerId}'`)).toBe(1)
  expect(await count(`audit_events where action = 'token.retirement-planned'`)).toBe(
    await count('retirement_plans'),
  )
  expect(await executeRetirements({ db })).toEqual({ retired: 0, dropped: 0 })
})

test('somebody of each side has unread notices, nobody one of what they did themselves, and no operation is notified of again', async () => {
  for (const [email, side] of [
    [demoOwnerEmail, 'merchant'],
    ['partner@demo.example', 'partner'],
  ] as const) {
    const reader = { userId: (await actorOf(email)).userId, side, secondFactor: null }
    const { notices } = await readInbox(reader, {}, { db })
    const unread = notices.filter(({ readAt }) => !readAt)
    expect(unread.length).toBeGreaterThan(0)
    expect(unread.length).toBeLessThan(notices.length)
    expect(unread.map(({ byUserName }) => byUserName)).not.toContain((await actorOf(email)).userName)
    const moments = notices.map(({ occurredAt }) => occurredAt.getTime())
    expect(moments).toEqual(moments.toSorted((one, other) => other - one))
  }
  expect(await count('events where dispatched_at is null')).toBe(0)
})

test('a program of each side was notified: once it took it, once it gave an answer that is kept and has failed', async () => {
  const merchant = {
    side: 'merchant' as const,
    ...(await actorOf(demoOwnerEmail)),
    storeId: demoPair.storeId,
  }
  const partner = {
    ...{ side: 'partner' as const, ...(await actorOf('partner@demo.example')) },
    partnerId: demoPair.partnerId,
  }
  for (const actor of [merchant, partner]) {
    const [endpoint] = await listWebhooks(actor, { db })
    const log = await readDeliveryLog(actor, { endpointId: endpoint?.id ?? '' }, { db })
    const failed = log?.deliveries.find(({ state }) => state === 'failed')
    expect(failed?.attempts).toHaveLength(retryDelaysSeconds.length + 1)
    expect(failed?.attempts[0]?.problem).toMatch(/queue is full|unknown tokenId/)
    const delivered = log?.deliveries.find(({ state }) => state === 'delivered')
    expect(delivered?.attempts).toMatchObject([{ status: 204, problem: null }])
    expect(JSON.parse(delivered?.payload ?? '')).toMatchObject({ type: delivered?.kind, data: {} })
  }
  expect(await count(`webhook_deliveries where state = 'waiting'`)).toBe(0)
  expect(await count('webhook_attempts where attempted_at > now()')).toBe(0)
  const { rows } = await owner.$client.query('select id, encrypted_secret from webhook_endpoints')
  for (const { id, encrypted_secret } of rows) expect(decrypt(testKeys, encrypted_secret, id).ok).toBe(true)
})

test('every store with APIs has orders from 1001 on', async () => {
  const without = `stores where package <> 'starter' and not exists (
    select from orders where store_id = stores.id and number = 1001)`
  expect(await count(without)).toBe(0)
})

test('the demo password opens the demo accounts, and no other', async () => {
  for (const email of [demoOwnerEmail, 'partner@demo.example', 'operator@demo.example']) {
    const user = await findUserByEmail(db, email)
    expect(await verifyPassword(user?.passwordHash ?? null, 'demo-only-password')).toBe(true)
  }
  const { length: withPassword } = demoAccounts.filter(({ signsIn }) => signsIn === 'with-password')
  expect(await count('users where password_hash is not null')).toBe(withPassword)
})

test('the operator finds two applications that wait, and one that was declined', async () => {
  expect(await count('users where is_operator')).toBe(1)
  expect(await count('partner_applications where decision is null')).toBe(2)
  expect(await count(`partner_applications where decision = 'declined' and answer is not null`)).toBe(1)
})

test('a database that holds something is left as it is', async () => {
  const before = await count('audit_events')
  expect(await seedDemo(ownerUrl, { keys: testKeys })).toBe('kept')
  expect(await count('audit_events')).toBe(before)
})

test('the demo token is kept while it is accepted, and another one is issued when it is not', async () => {
  const first = await issuedDemoToken()
  expect(await demoToken(appUrl, dataDir, testKeys)).toEqual(first)
  expect((await stat(join(dataDir, 'demo-token'))).mode & 0o777).toBe(0o600)

  const [token] = await lookUpTokens(db, [hexHashOf(first.text)])
  const actor = { side: 'merchant' as const, ...(await actorOf(demoOwnerEmail)), storeId: demoPair.storeId }
  const revocation = {
    tokenIds: [token?.tokenId ?? ''],
    reason: 'exposed' as const,
    extent: 'chosen' as const,
    note: undefined,
  }
  expect((await revokeTokens(actor, revocation, { db, address: null })).ok).toBe(true)

  const second = await issuedDemoToken()
  expect(second.text).not.toBe(first.text)
  const [known] = await lookUpTokens(db, [hexHashOf(second.text)])
  expect(known).toMatchObject({ ...demoPair, revoked: false, expired: false })
})

test('further tokens come beside the demo’s own: both accounts see theirs, in all states, and nothing of them contradicts itself', async () => {
  const before = await count('tokens')
  const steps: string[] = []
  expect(await seedManyTokens(ownerUrl, 1_000, (step) => steps.push(step))).toBe('filled')
  expect(steps).toContain('1,000 of 1,000 tokens')
  expect(await count('tokens')).toBe(before + 1_000)
  for (const [name, statement] of Object.entries(contradictions)) expect(await count(statement), name).toBe(0)

  const merchant = {
    side: 'merchant' as const,
    ...(await actorOf(demoOwnerEmail)),
    storeId: demoPair.storeId,
  }
  const partner = {
    ...{
      side: 'partner' as const,
      ...(await actorOf('partner@demo.example')),
      partnerId: demoPair.partnerId,
    },
  }
  const ofMany = `tokens where created_at < now() and (store_id, partner_id) in (
    select store_id, partner_id from partner_access where added_at < now() - interval '800 days')`
  expect(await count(`${ofMany} and store_id = '${demoPair.storeId}'`)).toBe(250)
  expect(await count(`${ofMany} and partner_id = '${demoPair.partnerId}'`)).toBe(750)
  expect(await count(`stores where name !~ '^[A-Z][a-z]+ [A-Z]'`)).toBeLessThan(demoStores.length)
  for (const actor of [merchant, partner]) {
    for (const show of ['active', 'expiring', 'ended']) {
      const { tokens } = await listTokens(actor, readListQuery({ show }, actor.side), { db })
      expect(tokens).toHaveLength(tokensPerPage)
    }
  }
  for (const [kind, least] of [
    ['revocations', 90],
    ['tokens where expires_at < now()', 90],
    ['tokens where predecessor_id is not null', 150],
    ['token_adoptions', 70],
    ['tokens where not exists (select from token_usage where token_id = id)', 150],
  ] as const) {
    expect(await count(kind), kind).toBeGreaterThan(least)
  }
  expect(await count(`pg_index where not indisvalid`)).toBe(0)

  expect(await seedManyTokens(ownerUrl, 1_000)).toBe('kept')
  expect(await count('tokens')).toBe(before + 1_000)
})

test('where the owner is none any more, or the partner may not call Order or was removed, the demo starts without a token and says so', async () => {
  const merchant = {
    side: 'merchant' as const,
    ...(await actorOf(demoOwnerEmail)),
    storeId: demoPair.storeId,
  }
  const { partnerId } = demoPair
  const tools = { db, address: null }
  const tokensBefore = await count('tokens')
  const setRole = (role: string) =>
    owner.$client.query('update store_members set role = $1 where store_id = $2 and user_id = $3', [
      role,
      demoPair.storeId,
      merchant.userId,
    ])
  await rm(join(dataDir, 'demo-token'))
  await setRole('viewer')
  expect(await demoToken(appUrl, dataDir, testKeys)).toBeNull()
  await setRole('owner')
  const ticked = { before: ['order', 'payment', 'catalog'], apis: ['catalog'] } satisfies Record<
    string,
    Api[]
  >
  expect((await changeApis(merchant, { partnerId, ...ticked }, tools)).ok).toBe(true)
  expect(await demoToken(appUrl, dataDir, testKeys)).toBeNull()
  expect((await removePartner(merchant, { partnerId }, tools)).ok).toBe(true)
  expect(await demoToken(appUrl, dataDir, testKeys)).toBeNull()
  expect(await count('tokens')).toBe(tokensBefore)
  const banner = demoBanner({
    kind: 'demo',
    ports: { web: 1, gateway: 2, metrics: 3 },
    token: null,
    introspectionClient: 'demo:secret',
    logFiles: [],
  })
  expect(banner).toContain('npm run demo -- --fresh')
  expect(banner).not.toContain('curl')
})
