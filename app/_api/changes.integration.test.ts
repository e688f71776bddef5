import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { lockAccessOfTokens } from '#db/queries/partners/partner-access.ts'
import type { MerchantActor } from '#lib/access/actors.ts'
import { tokenHistory } from '#lib/audit/history.ts'
import { makeCredential } from '#lib/credentials/make.ts'
import { presentCredential } from '#lib/credentials/present.ts'
import { revokeCredential } from '#lib/credentials/revoke.ts'
import { mostTokens } from '#lib/management-api/changes.ts'
import { apiRoutes, changeRoutes } from '#lib/management-api/routes.ts'
import { belongingsOf } from '#lib/members/belongings.ts'
import { changeRole } from '#lib/members/change-role.ts'
import { removeMember } from '#lib/members/remove.ts'
import { dispatchEvents } from '#lib/notifications/dispatch-events.ts'
import { createRetryDelays } from '#lib/notifications/retry-delays.ts'
import { log } from '#lib/process/log.ts'
import { hashTokenText } from '#lib/tokens/model/secret.ts'
import {
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
} from '#tools/seed/builders.ts'
import { buildCredential } from '#tools/seed/credentials.ts'
import { untilBlocked } from '#tools/test-databases/blocked-queries.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { documented } from './test-answers.ts'

// What belongs to a request of Next is stood in for; all else is real.
vi.mock('../_auth/request-origin.ts', () => ({
  requestOrigin: async () => ({ address: '192.0.2.1', userAgent: null }),
  ownOrigin: async () => origin,
}))
vi.mock('#lib/encryption/encryption.ts', async (original) => {
  const { testKeys } = await import('#lib/encryption/test-keyring.ts')
  return { ...(await original<object>()), getKeyring: () => testKeys }
})
vi.mock('#lib/process/database.ts', async (original) => ({
  ...(await original<object>()),
  getProgramDatabase: () => db,
}))

const { db, owner } = prepareTestDatabase()
const origin = 'https://tokens.example'
const all = ['read', 'issue', 'renew', 'collect', 'revoke', 'pause'] as const
const anHour = () => new Date(Date.now() + 3_600_000).toISOString()

let store: { id: string; name: string }
let partner: { id: string; name: string }
let maker: { id: string; name: string; email: string }
let credential: { id: string; text: string; name: string }
let tokenIds: string[]

beforeAll(() => {
  log.level = 'silent'
})

beforeEach(async () => {
  ;[store, partner, maker] = [await buildStore(owner), await buildPartner(owner), await buildUser(owner)]
  await addStoreMember(owner, { store, user: maker, role: 'owner' })
  await grantAccess(owner, { store, partner })
  const pair = { storeId: store.id, partnerId: partner.id }
  tokenIds = []
  for (let n = 0; n < 3; n += 1) tokenIds.push((await buildToken(owner, pair)).id)
  const of = { storeId: store.id }
  credential = await buildCredential(owner, { of, by: maker, name: 'Nightly', scopes: [...all] })
})

type Sent = { as?: string; key?: string | null; type?: string }

function send(
  path: string,
  body: unknown,
  { as = credential.text, key = crypto.randomUUID(), type }: Sent = {},
) {
  return documented(
    new Request(`${origin}/api/v1${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${as}`,
        'content-type': type ?? 'application/json',
        ...(key !== null && { 'idempotency-key': key }),
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  )
}

/** What was done, as its route's schema has it. */
async function done(path: string, body: unknown, sent: Sent = {}) {
  const answer = await send(path, body, sent)
  const read = await answer.json()
  expect(answer.status, JSON.stringify(read)).toBe(200)
  return changeRoutes.find((route) => route.path === path)?.schema.parse(read) as {
    results: { tokenId: string; outcome: string; successorId?: string; text?: string | null }[]
    [more: string]: unknown
  }
}
const nameOf = async (answer: Response) => [answer.status, (await answer.json()).type.replace(/^.*#/, '')]
const outcomes = ({ results }: Awaited<ReturnType<typeof done>>) => results.map(({ outcome }) => outcome)

const rowsOf = async (query: string, ...values: unknown[]) => (await owner.$client.query(query, values)).rows

test('a program renews many tokens, collects their texts, and nothing keeps the texts', async () => {
  const renewed = await done('/tokens/renew', { tokenIds, oldTokens: { end: 'at-first-use' } })
  expect(outcomes(renewed)).toEqual(['renewed', 'renewed', 'renewed'])
  expect(renewed.results.map(({ tokenId }) => tokenId)).toEqual(tokenIds)
  const successors = renewed.results.map(({ successorId }) => successorId ?? '')
  const key = crypto.randomUUID()
  const collected = await done('/tokens/collect', { tokenIds: successors }, { key })
  const texts = collected.results.map(({ text }) => text ?? '')
  for (const [n, text] of texts.entries()) {
    const [row] = await rowsOf('select hash from tokens where id = $1', successors[n])
    expect(row.hash).toEqual(hashTokenText(text))
  }
  const again = await send('/tokens/collect', { tokenIds: successors }, { key })
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  expect((await again.json()).results).toEqual(
    successors.map((tokenId) => ({ tokenId, outcome: 'collected', text: null })),
  )
  expect(outcomes(await done('/tokens/collect', { tokenIds: successors }))).toEqual(
    successors.map(() => 'already-collected'),
  )
  const [kept] = await rowsOf(
    `select (select json_agg(r) from idempotent_requests r)::text || (select json_agg(h) from handovers h)::text as text`,
  )
  for (const text of texts) expect(kept.text).not.toContain(text.slice(4, 30))
})

test('the record names the credential and who made it, to its own side by their address', async () => {
  await done('/tokens/revoke', { tokenIds: tokenIds.slice(0, 1), reason: 'exposed' })
  await done('/tokens/pause', { tokenIds: tokenIds.slice(1, 2), until: anHour(), endsAs: 'resumed' })
  await done('/tokens/resume', { tokenIds: tokenIds.slice(1, 2) })
  await done('/tokens/renew', { tokenIds: tokenIds.slice(2) })
  const merchant: MerchantActor = {
    ...{ side: 'merchant', storeId: store.id, role: 'owner', userId: maker.id, userName: maker.name },
  }
  const as = { userName: 'Service credential “Nightly”', userRole: null, actorKind: 'credential' }
  for (const [n, actions] of [
    ['token.revoked'],
    ['token.resumed', 'token.paused'],
    ['token.renewed'],
  ].entries()) {
    const history = await tokenHistory(merchant, tokenIds[n] ?? '', { db })
    expect(history.slice(0, actions.length)).toMatchObject(
      actions.map((action) => ({ action, ...as, userEmail: maker.email })),
    )
    const partnerActor = { ...merchant, side: 'partner' as const, partnerId: partner.id }
    const [seen] = await tokenHistory(partnerActor, tokenIds[n] ?? '', { db })
    expect(seen).toMatchObject({ ...as, userEmail: null })
  }
  const [revocation] = await rowsOf(
    'select user_id, user_name, user_role from revocations where token_id = $1',
    tokenIds[0],
  )
  expect(revocation).toEqual({ user_id: maker.id, user_name: as.userName, user_role: null })
  const events = await rowsOf(
    `select distinct details ->> 'byCredential' as by from events where store_id = $1 and kind like 'token.%'`,
    store.id,
  )
  expect(events).toEqual([{ by: credential.id }])
})

test('who made the credential is notified of what its program does, as everybody else', async () => {
  await done('/tokens/revoke', { tokenIds: tokenIds.slice(0, 1) })
  await dispatchEvents({
    ...{ db, retryDelays: createRetryDelays(), log: { error: () => {} } },
    ...{ baseUrl: origin, secret: 'x'.repeat(32) },
  })
  const notices = await rowsOf(
    `select kind, by_user_name, by_role, read_at from notices where user_id = $1 and kind = 'token.revoked'`,
    maker.id,
  )
  const by = { by_user_name: 'Service credential “Nightly”', by_role: null }
  expect(notices).toEqual([{ kind: 'token.revoked', ...by, read_at: null }])
  const mails = await rowsOf('select body from mails where to_address = $1', maker.email)
  expect(mails.map(({ body }) => body).join()).toContain(`Service credential 'Nightly'” (${maker.email})`)
})

test('what a program was handed, or has planned, is nothing of its maker', async () => {
  const oldTokens = { end: 'at-first-use' }
  const { results } = await done('/tokens/renew', { tokenIds: tokenIds.slice(0, 1), oldTokens })
  await done('/tokens/collect', { tokenIds: [results[0]?.successorId] })
  const head: MerchantActor = {
    ...{ side: 'merchant', storeId: store.id, role: 'owner', userId: maker.id, userName: maker.name },
  }
  const left = await belongingsOf(head, { userId: maker.id }, { db })
  expect(left).toMatchObject({ tokens: [], plans: [], credentials: [{ id: credential.id }] })
})

test('a program goes on after who made its credential has left, unless that was ended with them', async () => {
  const other = await buildUser(owner)
  await addStoreMember(owner, { store, user: other, role: 'owner' })
  const head: MerchantActor = {
    ...{ side: 'merchant', storeId: store.id, role: 'owner', userId: other.id, userName: other.name },
  }
  const use = { db, address: null }
  expect((await removeMember(head, { userId: maker.id, end: [] }, use)).ok).toBe(true)
  expect(outcomes(await done('/tokens/renew', { tokenIds: tokenIds.slice(0, 1) }))).toEqual(['renewed'])
})

test('a partner’s new token is issued by its store, once', async () => {
  const tokenless = await buildPartner(owner)
  await grantAccess(owner, { store, partner: tokenless })
  const expiresAt = new Date(Date.now() + 40 * 86_400_000).toISOString()
  const issued = await done('/tokens', { partnerId: tokenless.id, expiresAt })
  expect(issued).toMatchObject({ tokenId: expect.any(String), expiresAt, onStandby: 'confirmed' })
  expect(await nameOf(await send('/tokens', { partnerId: tokenless.id }))).toEqual([409, 'has-live-token'])
  const { text: as } = await buildCredential(owner, {
    ...{ of: { partnerId: tokenless.id }, by: maker, scopes: ['issue'] },
  })
  expect(await nameOf(await send('/tokens', { partnerId: tokenless.id }, { as }))).toEqual([
    403,
    'not-for-partners',
  ])
})

test('each verb says of each token what became of it, in the order of the request', async () => {
  const [first = '', second = '', third = ''] = tokenIds
  const nobodys = crypto.randomUUID()
  const revoked = await done('/tokens/revoke', { tokenIds: [second, nobodys, first] })
  expect(revoked).toMatchObject({
    results: [
      { tokenId: second, outcome: 'revoked' },
      { tokenId: nobodys, outcome: 'not-found' },
      { tokenId: first, outcome: 'revoked' },
    ],
    ...{ alsoRevoked: [], stillLive: [third], stillLiveCount: 1 },
  })
  expect(outcomes(await done('/tokens/revoke', { tokenIds: [first, third] }))).toEqual([
    'already-revoked',
    'revoked',
  ])
  expect(outcomes(await done('/tokens/renew', { tokenIds: [first, nobodys] }))).toEqual([
    'revoked',
    'not-found',
  ])
  expect(
    outcomes(await done('/tokens/pause', { tokenIds: [first, nobodys], until: anHour(), endsAs: 'resumed' })),
  ).toEqual(['revoked', 'not-found'])
  expect(outcomes(await done('/tokens/resume', { tokenIds: [first] }))).toEqual(['revoked'])
  expect(outcomes(await done('/tokens/collect', { tokenIds: [first, nobodys] }))).toEqual([
    'ended',
    'not-found',
  ])
  expect(outcomes(await done('/tokens/retire', { tokenIds: [first, nobodys] }))).toEqual([
    'already-revoked',
    'not-found',
  ])
})

test('an old token is retired once its successor is in use, and not before', async () => {
  const [old = ''] = tokenIds
  const { results } = await done('/tokens/renew', { tokenIds: [old] })
  expect(outcomes(await done('/tokens/retire', { tokenIds: [old] }))).toEqual(['not-in-use'])
  await owner.$client.query('insert into token_adoptions values ($1, now())', [results[0]?.successorId])
  expect(outcomes(await done('/tokens/retire', { tokenIds: [old] }))).toEqual(['revoked'])
})

describe('a key', () => {
  test('stands for one request: its repetition gets the first answer, and changes nothing', async () => {
    const key = crypto.randomUUID()
    const body = { tokenIds: tokenIds.slice(0, 2) }
    const first = await (await send('/tokens/renew', body, { key })).text()
    const again = await send('/tokens/renew', body, { key: `"${key}"` })
    expect([await again.text(), again.headers.get('idempotency-replayed')]).toEqual([first, 'true'])
    const [{ count }] = await rowsOf('select count(*)::int from tokens where store_id = $1', store.id)
    expect(count).toBe(5)
    for (const [path, other] of [
      ['/tokens/renew', { tokenIds: tokenIds.slice(2) }],
      ['/tokens/revoke', body],
    ] as const)
      expect(await nameOf(await send(path, other, { key }))).toEqual([422, 'idempotency-key-reused'])
  })

  test('is the credential’s own, and of a day', async () => {
    const key = crypto.randomUUID()
    const body = { tokenIds: tokenIds.slice(0, 1) }
    await done('/tokens/renew', body, { key })
    const { text: as } = await buildCredential(owner, {
      of: { storeId: store.id },
      by: maker,
      scopes: [...all],
    })
    expect(outcomes(await done('/tokens/renew', body, { key, as }))).toEqual(['already-renewed'])
    await owner.$client.query(`update idempotent_requests set created_at = created_at - interval '25 hours'`)
    expect(outcomes(await done('/tokens/renew', body, { key }))).toEqual(['already-renewed'])
  })

  test('of a request that is under way is answered so; of one whose process died, it is done', async () => {
    const key = crypto.randomUUID()
    const body = { tokenIds: tokenIds.slice(0, 1) }
    let first: Promise<Response> | undefined
    await db.transaction(async (tx) => {
      await lockAccessOfTokens(tx, { side: 'merchant', storeId: store.id }, tokenIds)
      first = send('/tokens/revoke', body, { key })
      await untilBlocked(owner)
      const meanwhile = await send('/tokens/revoke', body, { key })
      expect(meanwhile.headers.get('retry-after')).toBe('2')
      expect(await nameOf(meanwhile)).toEqual([409, 'request-under-way'])
    })
    expect((await first)?.status).toBe(200)
    await owner.$client.query(
      `update idempotent_requests set status = null, answer = null, created_at = now() - interval '3 minutes'`,
    )
    expect(outcomes(await done('/tokens/revoke', body, { key }))).toEqual(['already-revoked'])
  })

  test('of a request that was refused as a whole may be used again', async () => {
    const key = crypto.randomUUID()
    const tooSoon = { tokenIds, expiresAt: new Date().toISOString() }
    expect(await nameOf(await send('/tokens/renew', tooSoon, { key }))).toEqual([422, 'expiry-out-of-bounds'])
    expect(outcomes(await done('/tokens/renew', { tokenIds }, { key }))).toHaveLength(3)
  })

  test.each([null, '', 'two words', 'x'.repeat(256)])('is needed, and is not %j', async (key) => {
    expect(await nameOf(await send('/tokens/renew', { tokenIds }, { key }))).toEqual([
      400,
      'idempotency-key-missing',
    ])
  })
})

test.each<[path: string, body: unknown, pointer: string]>([
  ['/tokens/renew', {}, '/tokenIds'],
  ['/tokens/renew', { tokenIds: [] }, '/tokenIds'],
  [
    '/tokens/renew',
    { tokenIds: Array.from({ length: mostTokens + 1 }, () => crypto.randomUUID()) },
    '/tokenIds',
  ],
  ['/tokens/renew', { tokenIds: ['x'] }, '/tokenIds/0'],
  ['/tokens/renew', { tokenIds: [crypto.randomUUID()], until: 'x' }, '/'],
  ['/tokens/revoke', { tokenIds: [crypto.randomUUID()], reason: 'other' }, '/note'],
  ['/tokens/revoke', { tokenIds: [crypto.randomUUID()], reason: 'exposed', note: 'x' }, '/note'],
  ['/tokens/revoke', { tokenIds: [crypto.randomUUID()], reason: 'replaced' }, '/reason'],
  ['/tokens/pause', { tokenIds: [crypto.randomUUID()], endsAs: 'resumed' }, '/until'],
  ['/tokens', { partnerId: 'somebody' }, '/partnerId'],
])('%s %j is refused, and the part that is wrong is named', async (path, body, pointer) => {
  const answer = await send(path, body)
  expect(await answer.json()).toMatchObject({ status: 400, errors: [{ pointer }] })
})

test('a body that is no JSON is refused before anything', async () => {
  expect(await nameOf(await send('/tokens/renew', '{', {}))).toEqual([415, 'body-not-json'])
  expect(await nameOf(await send('/tokens/renew', { tokenIds }, { type: 'text/plain' }))).toEqual([
    415,
    'body-not-json',
  ])
})

test('what belongs to others is answered as what does not exist, and stays as it is', async () => {
  const [other, theirs] = [await buildStore(owner), await buildPartner(owner)]
  await grantAccess(owner, { store: other, partner: theirs })
  const { id } = await buildToken(owner, { storeId: other.id, partnerId: theirs.id })
  for (const { path } of changeRoutes.filter(({ path }) => path.startsWith('/tokens/'))) {
    const more = path === '/tokens/pause' ? { until: anHour(), endsAs: 'revoked' } : {}
    const answers = []
    for (const tokenId of [id, crypto.randomUUID()]) {
      const answer = await send(path, { tokenIds: [tokenId], ...more })
      answers.push((await answer.text()).replaceAll(tokenId, 'it'))
    }
    expect(answers[0], path).toBe(answers[1])
  }
  expect(await nameOf(await send('/tokens', { partnerId: theirs.id }))).toEqual([404, 'token-not-found'])
  const [left] = await rowsOf(
    `select (select count(*)::int from tokens where store_id = $1) as tokens,
       (select count(*)::int from revocations where store_id = $1) + (select count(*)::int from pauses where store_id = $1) as ends`,
    other.id,
  )
  expect(left).toEqual({ tokens: 1, ends: 0 })
})

test.each(changeRoutes.map(({ path, scope }) => [path, scope] as const))(
  'POST %s is for whoever has the scope %s, and for no other scope',
  async (path, scope) => {
    const others = all.filter((one) => one !== scope)
    const { text: as } = await buildCredential(owner, {
      of: { storeId: store.id },
      by: maker,
      scopes: others,
    })
    const answer = await send(path, {}, { as })
    expect(await answer.json()).toMatchObject({ status: 403, scope })
  },
)

test('a credential that is revoked while its request waits changes nothing', async () => {
  const head: MerchantActor = {
    ...{ side: 'merchant', storeId: store.id, role: 'owner', userId: maker.id, userName: maker.name },
  }
  let waiting: Promise<Response> | undefined
  await db.transaction(async (tx) => {
    await lockAccessOfTokens(tx, head, tokenIds)
    waiting = send('/tokens/revoke', { tokenIds })
    await untilBlocked(owner)
    expect((await revokeCredential(head, { credentialId: credential.id }, { db, address: null })).ok).toBe(
      true,
    )
  })
  expect(await nameOf((await waiting) as Response)).toEqual([401, 'credential-revoked'])
  expect(await rowsOf('select from revocations where store_id = $1', store.id)).toEqual([])
})

test('no program does what only owners do, whoever made its credential', async () => {
  const presented = await presentCredential(credential.text, { db, address: null })
  if (!presented.ok) throw new Error(presented.refusal)
  const { actor } = presented.value
  const use = { db, address: null }
  const member = await buildUser(owner)
  await addStoreMember(owner, { store, user: member, role: 'viewer' })
  const wanted = { name: 'More', scopes: [...all], lifetimeDays: 30, networks: [] }
  for (const acting of [actor, { ...actor, role: 'owner' as const }]) {
    const refused = { ok: false, refusal: 'not-allowed' }
    expect(await makeCredential(acting, wanted, use)).toEqual(refused)
    expect(await revokeCredential(acting, { credentialId: credential.id }, use)).toEqual(refused)
    expect(await removeMember(acting, { userId: member.id }, use)).toEqual(refused)
    expect(await removeMember(acting, { userId: maker.id }, use)).toEqual(refused)
    expect(await changeRole(acting, { userId: member.id, role: 'owner' }, use)).toEqual(refused)
  }
})

test('every route that changes is one of the management API', () => {
  expect(apiRoutes.filter(({ method }) => method === 'POST')).toEqual(changeRoutes)
})
