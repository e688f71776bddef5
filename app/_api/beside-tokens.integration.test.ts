import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { writeCutOffBooks } from '#lib/cut-offs/write-books.ts'
import { testKeys } from '#lib/encryption/test-keyring.ts'
import { apiRoutes } from '#lib/management-api/routes.ts'
import { belongingsOf } from '#lib/members/belongings.ts'
import { executePlans } from '#lib/plans/execute.ts'
import { log } from '#lib/process/log.ts'
import {
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
} from '#tools/seed/builders.ts'
import { buildCredential } from '#tools/seed/credentials.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { documented } from './test-answers.ts'

// What belongs to a request of Next is stood in for; all else is real.
vi.mock('../_auth/request-origin.ts', () => ({
  requestOrigin: async () => ({ address: '192.0.2.1', userAgent: null }),
  ownOrigin: async () => origin,
}))
vi.mock('#lib/encryption/encryption.ts', async (original) => ({
  ...(await original<object>()),
  getKeyring: () => testKeys,
}))
vi.mock('#lib/process/env.ts', async (original) => ({
  ...(await original<object>()),
  env: () => ({ WEBHOOK_NETWORKS: [] }),
}))
vi.mock('#lib/process/database.ts', async (original) => ({
  ...(await original<object>()),
  getProgramDatabase: () => db,
}))

const { db, owner } = prepareTestDatabase()
const origin = 'https://tokens.example'
const all = [
  ...(['read', 'revoke', 'pause', 'renew', 'plan', 'cut-off', 'webhooks', 'members'] as const),
] as const

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
  tokenIds = []
  for (let n = 0; n < 3; n += 1)
    tokenIds.push((await buildToken(owner, { storeId: store.id, partnerId: partner.id })).id)
  const of = { storeId: store.id }
  credential = await buildCredential(owner, { of, by: maker, name: 'Nightly', scopes: [...all] })
})

type Sent = { as?: string; key?: string }

function ask(path: string, body?: unknown, { as = credential.text, key = crypto.randomUUID() }: Sent = {}) {
  const posted = body !== undefined && {
    ...{ method: 'POST', body: JSON.stringify(body) },
  }
  const headers = {
    authorization: `Bearer ${as}`,
    'content-type': 'application/json',
    'idempotency-key': key,
  }
  return documented(new Request(`${origin}/api/v1${path}`, { headers, ...posted }))
}

async function done(path: string, body?: unknown, sent: Sent = {}) {
  const answer = await ask(path, body, sent)
  const read = await answer.json()
  expect(answer.status, JSON.stringify(read)).toBe(200)
  return read
}
const nameOf = async (answer: Response) => [answer.status, (await answer.json()).type.replace(/^.*#/, '')]
const rowsOf = async (query: string, ...values: unknown[]) => (await owner.$client.query(query, values)).rows
const as = 'Service credential “Nightly”'

describe('a plan', () => {
  const freeze = async () => (await done('/plans', { of: 'list', list: { show: 'active' } })).planId

  test('is frozen, read and confirmed by its hash, and deals with what was frozen alone', async () => {
    const planId = await freeze()
    const late = (await buildToken(owner, { storeId: store.id, partnerId: partner.id })).id
    const { plan, hashes } = await done(`/plans/${planId}`)
    expect(plan).toMatchObject({
      state: 'frozen',
      tokens: 3,
      frozenBy: { name: as, email: maker.email, role: null },
    })
    const sent = { kind: 'revoke', planId, hash: hashes.revoke, reason: 'exposed' }
    expect(await nameOf(await ask('/plans/confirm', { ...sent, hash: hashes.pause }))).toEqual([
      ...[409, 'plan-changed'],
    ])
    expect(await done('/plans/confirm', sent)).toMatchObject({ planId, is: 'done' })
    expect(await done('/plans/confirm', sent)).toMatchObject({ is: 'before' })
    const first = await done(`/plans/${planId}/tokens?limit=2`)
    const second = await done(`/plans/${planId}/tokens?limit=2&after=${first.next}`)
    expect([...first.tokens, ...second.tokens]).toEqual(
      tokenIds.toSorted().map((tokenId) => ({ tokenId, isDealtWith: true, leftOut: null })),
    )
    expect(second.next).toBeNull()
    expect((await done('/tokens')).tokens).toMatchObject([{ id: late }])
    expect((await done('/plans')).plans).toMatchObject([
      { id: planId, state: 'done', done: 3, confirmation: { kind: 'revoke', by: { name: as, role: null } } },
    ])
  })

  test('does only what the credential may do beside planning', async () => {
    const { text } = await buildCredential(owner, {
      ...{ of: { storeId: store.id }, by: maker, scopes: ['read', 'plan', 'pause'] },
    })
    const planId = (await done('/plans', { of: 'list', list: {} }, { as: text })).planId
    const { hashes } = await done(`/plans/${planId}`)
    const confirm = (kind: 'revoke' | 'renew' | 'resume') =>
      ask('/plans/confirm', { kind, planId, hash: hashes[kind] }, { as: text })
    for (const kind of ['revoke', 'renew'] as const) {
      const refused = await confirm(kind)
      expect(await refused.json()).toMatchObject({ status: 403, scope: kind })
    }
    expect((await confirm('resume')).status).toBe(200)
  })

  test('is the credential’s in the record, also where the worker does it later, and nothing of its maker', async () => {
    const planId = await freeze()
    const { hashes } = await done(`/plans/${planId}`)
    const runAt = new Date(Date.now() + 3_600_000).toISOString()
    const sent = { kind: 'revoke', planId, hash: hashes.revoke, reason: 'exposed', runAt }
    expect(await done('/plans/confirm', sent)).toMatchObject({ is: 'announced' })
    const actor = {
      ...{ side: 'merchant' as const, storeId: store.id, userId: maker.id, userName: maker.name },
      role: 'owner' as const,
    }
    expect((await belongingsOf(actor, { userId: maker.id }, { db })).bulkPlans).toEqual([])
    await owner.$client.query('update bulk_plan_books set due_at = now() where plan_id = $1', [planId])
    await executePlans({ db, keys: testKeys })
    const audited = await rowsOf(
      `select distinct user_name, user_role, details ->> 'byCredential' as by from audit_events
       where store_id = $1 and action in ('plan.confirmed', 'plan.done', 'token.revoked')`,
      store.id,
    )
    expect(audited).toEqual([{ user_name: as, user_role: null, by: credential.id }])
    const events = await rowsOf(
      `select distinct kind, user_role, details ->> 'byCredential' as by from events where store_id = $1 and kind like 'plan.%' order by kind`,
      store.id,
    )
    expect(events).toEqual(
      ['plan.announced', 'plan.done'].map((kind) => ({ kind, user_role: null, by: credential.id })),
    )
  })

  test('is cancelled before its time and stopped after it, and else says how it stands', async () => {
    const planId = await freeze()
    expect(await nameOf(await ask('/plans/stop', { planId }))).toEqual([409, 'plan-not-begun'])
    expect(await done('/plans/cancel', { planId })).toMatchObject({ planId })
    expect(await nameOf(await ask('/plans/cancel', { planId }))).toEqual([409, 'plan-over'])
    expect((await done(`/plans/${planId}`)).plan).toMatchObject({
      state: 'cancelled',
      end: { by: { name: as } },
    })
    const nobodys = { planId: crypto.randomUUID() }
    expect(await nameOf(await ask('/plans/cancel', nobodys))).toEqual([404, 'not-found'])
  })

  test('of a list that cannot be read, that has no live token, or that holds a token’s text is none', async () => {
    const refused = (list: unknown) => ask('/plans', { of: 'list', list })
    expect((await (await refused({ quiet: 90, other: 1 })).json()).type).toMatch(/body-invalid$/)
    expect((await (await refused({ show: 'ended' })).json()).type).toMatch(/body-invalid$/)
    expect(await nameOf(await refused({ search: 'nobody has this name' }))).toEqual([422, 'nothing-matches'])
    const { createTokenText } = await import('#lib/tokens/model/secret.ts')
    expect((await refused({ search: createTokenText() })).status).toBe(400)
    expect(await rowsOf('select from bulk_plans where store_id = $1', store.id)).toEqual([])
  })
})

describe('a cut-off', () => {
  const everything = () => ({ of: 'everything', name: store.name, reason: 'exposed' })
  const live = async () => (await done('/tokens')).tokens.map(({ id }: { id: string }) => id)

  test('of all there is, or of a pair, ends at once what was issued, and is the credential’s in the record', async () => {
    const made = await done('/cut-offs', everything())
    expect(made).toMatchObject({ ended: 'some', onStandby: 'confirmed' })
    expect(await live()).toEqual([])
    expect(await done(`/cut-offs/${made.cutOffId}`)).toMatchObject({
      ...{ id: made.cutOffId, at: made.at, store: { id: store.id }, partner: null, from: 'merchant' },
      ...{ by: { name: as, email: maker.email, role: null }, reason: 'exposed', note: null },
    })
    await writeCutOffBooks({ db })
    for (const query of [
      `select distinct details ->> 'byCredential' as by from audit_events where store_id = $1 and action in ('tokens.cut-off', 'token.revoked')`,
      `select distinct details ->> 'byCredential' as by from events where store_id = $1 and kind = 'tokens.cut_off'`,
    ])
      expect(await rowsOf(query, store.id)).toEqual([{ by: credential.id }])
    const kept = (
      await buildToken(owner, { storeId: store.id, partnerId: partner.id, createdAt: new Date() })
    ).id
    expect(await live()).toEqual([kept])
    const pair = { of: 'pair', otherId: partner.id, name: partner.name, reason: 'other', note: 'A break-in.' }
    await done('/cut-offs', pair)
    expect(await live()).toEqual([])
    expect((await done('/cut-offs?limit=1')).cutOffs).toMatchObject([
      { partner: { id: partner.id, name: partner.name }, note: 'A break-in.' },
    ])
    const [{ next }] = [await done('/cut-offs?limit=1')]
    expect(await done(`/cut-offs?limit=1&after=${next}`)).toMatchObject({
      ...{ cutOffs: [{ id: made.cutOffId }], next: null },
    })
  })

  test('needs the name of whose tokens end, and never means everything by leaving something out', async () => {
    expect(await nameOf(await ask('/cut-offs', { ...everything(), name: partner.name }))).toEqual([
      ...[422, 'name-differs'],
    ])
    const { of: _, ...unsaid } = everything()
    const pair = { of: 'pair', name: partner.name, reason: 'exposed' }
    for (const body of [unsaid, pair, { ...everything(), otherId: partner.id }])
      expect(await nameOf(await ask('/cut-offs', body))).toEqual([400, 'body-invalid'])
    const stranger = await buildPartner(owner)
    const other = { ...pair, otherId: stranger.id, name: stranger.name }
    expect(await nameOf(await ask('/cut-offs', other))).toEqual([404, 'not-found'])
    expect(await live()).toHaveLength(3)
  })

  test('that is sent again after its process died ends nothing that was issued since', async () => {
    const key = crypto.randomUUID()
    const made = await done('/cut-offs', everything(), { key })
    const since = (
      await buildToken(owner, { storeId: store.id, partnerId: partner.id, createdAt: new Date() })
    ).id
    await owner.$client.query(
      `update idempotent_requests set status = null, answer = null, created_at = now() - interval '3 minutes'`,
    )
    expect(await done('/cut-offs', everything(), { key })).toMatchObject({
      cutOffId: made.cutOffId,
      at: made.at,
    })
    expect(await live()).toEqual([since])
  })

  test('is nothing that the scope to revoke allows', async () => {
    const of = { storeId: store.id }
    const { text } = await buildCredential(owner, { of, by: maker, scopes: ['read', 'revoke'] })
    expect(await nameOf(await ask('/cut-offs', everything(), { as: text }))).toEqual([403, 'scope-missing'])
    expect(await live()).toHaveLength(3)
  })
})

describe('a webhook', () => {
  const url = 'https://93.184.216.34/hook'
  const add = () => done('/webhooks', { url, kinds: ['token.revoked'] })

  test('is added with a secret that is shown once and kept in no answer', async () => {
    const key = crypto.randomUUID()
    const sent = { url, kinds: ['token.revoked', 'token.issued'] }
    const { webhookId, secret } = await done('/webhooks', sent, { key })
    expect(secret).toMatch(/^whsec_/)
    expect(await done('/webhooks', sent, { key })).toMatchObject({ webhookId, secret: null })
    const rolled = await done('/webhooks/roll-secret', { webhookId })
    expect(rolled.secret).toMatch(/^whsec_/)
    const [kept] = await rowsOf('select json_agg(r)::text as text from idempotent_requests r')
    for (const one of [secret, rolled.secret]) expect(kept.text).not.toContain(one.slice(6))
    const { webhooks } = await done('/webhooks')
    expect(webhooks).toMatchObject([
      { id: webhookId, ...sent, createdBy: { name: as, email: maker.email }, disabledAt: null },
    ])
    expect(JSON.stringify(webhooks)).not.toContain('whsec_')
  })

  test('is changed, disabled, tested, sent again and removed as its page does it', async () => {
    const { webhookId } = await add()
    await done('/webhooks/change', { webhookId, url: `${url}/2`, kinds: ['token.issued'] })
    await done('/webhooks/switch', { webhookId, to: 'disabled' })
    expect(await nameOf(await ask('/webhooks/test', { webhookId }))).toEqual([409, 'webhook-disabled'])
    await done('/webhooks/switch', { webhookId, to: 'enabled' })
    const ids: string[] = []
    for (let n = 0; n < 3; n += 1) ids.unshift((await done('/webhooks/test', { webhookId })).deliveryId)
    const log: string[] = []
    let next: string | null = null
    do {
      const page: { webhook: object; deliveries: { id: string }[]; next: string | null } = await done(
        `/webhooks/${webhookId}/deliveries?limit=2${next ? `&after=${next}` : ''}`,
      )
      expect(page.webhook).toMatchObject({ url: `${url}/2`, kinds: ['token.issued'] })
      log.push(...page.deliveries.map(({ id }) => id))
      next = page.next
    } while (next)
    expect(log).toEqual(ids)
    const [deliveryId] = ids
    expect(await nameOf(await ask('/webhooks/redeliver', { deliveryId }))).toEqual([409, 'delivery-waiting'])
    await owner.$client.query(`update webhook_deliveries set state = 'failed' where id = $1`, [deliveryId])
    await done('/webhooks/redeliver', { deliveryId })
    await done('/webhooks/remove', { webhookId })
    expect((await done('/webhooks')).webhooks).toEqual([])
    expect(await nameOf(await ask('/webhooks/test', { webhookId }))).toEqual([404, 'not-found'])
    const changes = await rowsOf(
      `select distinct details ->> 'byCredential' as by from audit_events where store_id = $1 and action like 'webhook.%'`,
      store.id,
    )
    expect(changes).toEqual([{ by: credential.id }])
  })

  test('is sent to no private network', async () => {
    for (const inside of [
      'https://127.0.0.1/x',
      'http://93.184.216.34/',
      'https://a:b@93.184.216.34/',
      'ftp://x',
    ]) {
      const refused = await ask('/webhooks', { url: inside, kinds: ['token.issued'] })
      expect(await nameOf(refused)).toEqual([422, 'target-refused'])
    }
  })

  test('has a cursor of its own: that of another one is refused', async () => {
    const [one, other] = [await add(), await add()]
    for (let n = 0; n < 2; n += 1) await done('/webhooks/test', { webhookId: one.webhookId })
    const { next } = await done(`/webhooks/${one.webhookId}/deliveries?limit=1`)
    const refused = await ask(`/webhooks/${other.webhookId}/deliveries?limit=1&after=${next}`)
    expect(await nameOf(refused)).toEqual([400, 'cursor-invalid'])
  })
})

test('who works for the store is read with the scope for it alone', async () => {
  expect(await done('/members')).toEqual({
    members: [
      {
        id: maker.id,
        name: maker.name,
        email: maker.email,
        role: 'owner',
        isDisabled: false,
        hasPasskey: false,
      },
    ],
    hasMore: false,
  })
  const { text } = await buildCredential(owner, { of: { storeId: store.id }, by: maker, scopes: ['read'] })
  expect(await nameOf(await ask('/members', undefined, { as: text }))).toEqual([403, 'scope-missing'])
})

test('ids of others are answered at every address as ids of nobody', async () => {
  const stranger = await buildStore(owner)
  const theirs = await buildCredential(owner, { of: { storeId: stranger.id }, by: maker, scopes: [...all] })
  const { webhookId } = await done('/webhooks', { url: 'https://93.184.216.34/', kinds: ['token.issued'] })
  const { planId } = await done('/plans', { of: 'list', list: {} })
  const { cutOffId } = await done('/cut-offs', { of: 'everything', name: store.name, reason: 'exposed' })
  const ids = { webhooks: webhookId, plans: planId, 'cut-offs': cutOffId }
  for (const { method, path } of apiRoutes) {
    const [, kind = ''] = path.split('/')
    const id = ids[kind as keyof typeof ids]
    if (method !== 'GET' || !id || !path.includes('{id}')) continue
    expect((await ask(path.replace('{id}', id))).status, path).toBe(200)
    const answers = []
    for (const asked of [id, crypto.randomUUID(), 'no-id'])
      answers.push(await (await ask(path.replace('{id}', asked), undefined, { as: theirs.text })).json())
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size, path).toBe(1)
    expect(answers[0], path).toMatchObject({ status: 404 })
  }
})
