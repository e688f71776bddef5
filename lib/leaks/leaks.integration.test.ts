import { asc, eq } from 'drizzle-orm'
import fc from 'fast-check'
import { Client } from 'pg'
import { v7 as uuidv7 } from 'uuid'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { connect } from '#db/client.ts'
import { noteHeartbeat } from '#db/queries/verification/gateway-processes.ts'
import { mails } from '#db/schema/mails.ts'
import { notices } from '#db/schema/notices.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildRetirementPlan,
  buildStore,
  buildToken,
  buildUser,
  buildWebhookEndpoint,
  grantAccess,
  type TokenOptions,
} from '#tools/seed/builders.ts'
import { untilBlocked } from '#tools/test-databases/blocked-queries.ts'
import { endPauses } from '#tools/test-databases/end-pauses.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { MerchantActor, PartnerActor } from '../access/actors.ts'
import { tokenHistory } from '../audit/history.ts'
import { cutOff } from '../cut-offs/cut-off.ts'
import { testKeys } from '../encryption/test-keyring.ts'
import { dispatchEvents } from '../notifications/dispatch-events.ts'
import { createRetryDelays } from '../notifications/retry-delays.ts'
import { pauseTokens } from '../pauses/pause.ts'
import { resumeTokens } from '../pauses/resume.ts'
import { writeEndsOfPauses } from '../pauses/write-ends.ts'
import { log } from '../process/log.ts'
import { type ProofResponder, startProofResponder } from '../proofs/proof-responder.ts'
import { dayMs, hourMs } from '../time/units.ts'
import { executeRetirements } from '../tokens/execute-retirements.ts'
import { mintToken } from '../tokens/model/mint.ts'
import { findToken } from '../tokens/review/list.ts'
import { revokeTokens } from '../tokens/revoke.ts'
import { renewToken } from '../tokens/test-renewal.ts'
import { patientVerifier } from '../verification/test-verifier.ts'
import { webhookKinds } from '../webhooks/kinds.ts'
import { actOnReports } from './act-on-reports.ts'
import { changeLeakAnswer, type LeakAnswer } from './change-answer.ts'
import { maxTexts, networkLimit, reportLimit } from './limits.ts'
import { readReport } from './read-report.ts'
import { countReport, receiveReports } from './receive.ts'

const { db, owner, appUrl } = prepareTestDatabase()
const use = { db, address: '192.0.2.1', keys: testKeys }
const dispatchTools = {
  ...{ db, log, retryDelays: createRetryDelays(), baseUrl: 'https://tokens.example', secret: 'x'.repeat(40) },
}
const from = { source: 'public', address: '198.51.100.7' } as const
const said = { foundAt: 'https://code.example/a/.env#L7', words: 'It stands in your log, see evil.example' }

type Shop = {
  merchant: MerchantActor
  partner: PartnerActor
  pair: { storeId: string; partnerId: string }
  partnerName: string
}
let shop: Shop

beforeEach(async () => {
  await owner.$client.query('delete from leak_reports; delete from gateway_processes')
  while ((await dispatchEvents(dispatchTools)) > 0);
  shop = await buildShop()
})

async function buildShop(): Promise<Shop> {
  const [store, company] = [await buildStore(owner), await buildPartner(owner)]
  const [user, other] = [await buildUser(owner), await buildUser(owner)]
  await grantAccess(owner, { store, partner: company })
  await addStoreMember(owner, { store, user, role: 'owner' })
  await addPartnerMember(owner, { partner: company, user: other, role: 'owner' })
  return {
    merchant: { side: 'merchant', storeId: store.id, userId: user.id, userName: user.name, role: 'owner' },
    partner: {
      ...{ side: 'partner', partnerId: company.id, userId: other.id, userName: other.name, role: 'owner' },
    },
    pair: { storeId: store.id, partnerId: company.id },
    partnerName: company.name,
  }
}

async function issue(more: Partial<TokenOptions> = {}, { pair } = shop) {
  const { text, ...secret } = mintToken()
  const { id } = await buildToken(owner, { ...pair, secret, ...more })
  return { id, text, hash: secret.hash }
}
type Issued = Awaited<ReturnType<typeof issue>>

const expired = { createdAt: new Date('2025-01-01'), expiresAt: new Date('2026-01-01') }

const report = (texts: string[], more = said) =>
  receiveReports([readReport({ texts, ...more })], from, { db })
const choose = async (answer: LeakAnswer, { merchant } = shop) => {
  expect((await changeLeakAnswer(merchant, { answer }, use)).ok).toBe(true)
}

/** By the gateway's own look-up; null: it is accepted. */
async function causeOf({ hash }: Pick<Issued, 'hash'>) {
  const verified = await patientVerifier(db).verifyHash(hash.toString('hex'))
  return verified.ok ? null : verified.refusal.cause
}

async function rowsOf(table: 'audit_events' | 'events', { id }: Pick<Issued, 'id'>) {
  const what = table === 'events' ? 'kind' : 'action'
  const { rows } = await owner.$client.query(
    `select ${what} as what, side, user_name, details, address from ${table === 'events' ? '(select *, null as address from events) events' : table}
     where token_id = $1 and details->>'by' = 'report' order by id`,
    [id],
  )
  return rows
}

/** Several workers; what one of them could not lock in time is left for the next time. */
async function actAtOnce(workers: number) {
  await Promise.allSettled(Array.from({ length: workers }, () => actOnReports({ db })))
  await actOnReports({ db })
}

const waiting = async () => (await owner.$client.query('select from leak_reports')).rows.length

describe('a token that is reported', () => {
  test('is revoked, with a reason, by nobody of either side; both are notified, and the words are a stranger’s', async () => {
    const [token, sibling] = [await issue(), await issue()]
    await buildWebhookEndpoint(owner, {
      ...{ id: uuidv7(), storeId: shop.pair.storeId, createdBy: shop.merchant.userId },
      ...{ url: 'https://receiver.example/', encryptedSecret: 'never read', kinds: [...webhookKinds] },
    })
    await report([`token=${token.text}`])
    expect(await causeOf(token)).toBeNull()
    expect(await actOnReports({ db })).toBe(1)
    expect([await causeOf(token), await causeOf(sibling)]).toEqual(['revoked', null])
    expect(await waiting()).toBe(0)
    for (const actor of [shop.merchant, shop.partner]) {
      const seen = {
        status: 'revoked',
        revokedFrom: 'public',
        revokedBy: null,
        reason: 'exposed',
        note: null,
      }
      expect(await findToken(actor, token.id, { db })).toMatchObject(seen)
      const [last] = await tokenHistory(actor, token.id, { db })
      expect(last).toMatchObject({
        ...{ action: 'token.revoked', actorKind: 'report', side: null, userName: null, address: null },
        details: { by: 'report', source: 'public', ...said },
      })
    }
    while ((await dispatchEvents(dispatchTools)) > 0);
    for (const { userId } of [shop.merchant, shop.partner]) {
      const [notice] = await db.select().from(notices).where(eq(notices.userId, userId))
      expect(notice).toMatchObject({ kind: 'token.revoked', readAt: null, details: said })
      const [mail] = await db.select().from(mails).where(eq(mails.userId, userId)).orderBy(asc(mails.id))
      expect(mail?.body).toContain('was revoked after a report of a leak.')
      expect(mail?.body).toContain(
        'Whoever found it, a stranger to us, wrote: “It stands in your log, see evil example”',
      )
      // Nothing that a mail program makes a link of.
      expect(mail?.body).not.toMatch(/code\.example|evil\.example/)
    }
    const { rows } = await owner.$client.query(
      `select payload from webhook_deliveries where kind = 'token.revoked'`,
    )
    expect(rows.map(({ payload }) => JSON.parse(payload).data)).toMatchObject([
      { tokenId: token.id, by: 'report', source: 'public', foundAt: said.foundAt, reason: 'exposed' },
    ])
    expect(rows[0].payload).not.toContain(said.words)
  })

  test('is paused where the store wants to be asked: it may resume it, and nobody at the partner may', async () => {
    await choose('pause')
    const token = await issue()
    await report([token.text])
    await actOnReports({ db })
    expect(await causeOf(token)).toBe('paused')
    const [pause] = (await findToken(shop.merchant, token.id, { db }))?.pauses ?? []
    expect(pause).toMatchObject({ side: 'merchant', by: null, isAfterReport: true, endsAs: 'revoked' })
    expect(pause?.endsAt.getTime()).toBeCloseTo(Date.now() + 7 * dayMs, -5)
    expect(await rowsOf('events', token)).toMatchObject([
      { what: 'token.paused', user_name: null, details: { ...said, reason: 'exposed' } },
    ])
    const resume = (actor: MerchantActor | PartnerActor) =>
      resumeTokens(actor, { tokenIds: [token.id] }, use).then((result) => result.ok && result.value)
    expect(await resume(shop.partner)).toMatchObject({ resumed: [] })
    expect(await resume(shop.merchant)).toMatchObject({ resumed: [{ id: token.id }] })
    expect(await causeOf(token)).toBeNull()
  })

  test('is revoked after a week in which the store says nothing, and the record knows that nobody of it did', async () => {
    await choose('pause')
    const token = await issue()
    await report([token.text])
    await actOnReports({ db })
    await endPauses(owner, [token.id])
    expect(await causeOf(token)).toBe('revoked')
    await writeEndsOfPauses({ db })
    expect(await findToken(shop.partner, token.id, { db })).toMatchObject({
      ...{ status: 'revoked', revokedFrom: 'public', revokedBy: null, reason: 'exposed' },
    })
    const [last] = await tokenHistory(shop.merchant, token.id, { db })
    expect(last).toMatchObject({ action: 'token.revoked', side: null, actorKind: 'plan' })
  })

  test('in its last minutes is revoked where it would be paused', async () => {
    await choose('pause')
    const token = await issue({ expiresAt: new Date(Date.now() + 60_000) })
    await report([token.text])
    await actOnReports({ db })
    expect(await causeOf(token)).toBe('revoked')
  })

  test('and is paused by its store already stays so: both sides are notified, once a day', async () => {
    await choose('pause')
    const token = await issue()
    const input = { until: { lengthMs: hourMs }, endsAs: 'resumed', reason: null, note: null } as const
    expect((await pauseTokens(shop.merchant, { tokenIds: [token.id], ...input }, use)).ok).toBe(true)
    for (let n = 0; n < 3; n++) {
      await report([token.text])
      await actOnReports({ db })
    }
    expect(await causeOf(token)).toBe('paused')
    expect((await rowsOf('audit_events', token)).map(({ what }) => what)).toEqual(['token.reported'])
    expect((await rowsOf('events', token)).map(({ what }) => what)).toEqual(['token.reported'])
    while ((await dispatchEvents(dispatchTools)) > 0);
    const written = await db
      .select()
      .from(mails)
      .where(eq(mails.userId, shop.partner.userId))
      .orderBy(asc(mails.id))
    expect(written).toHaveLength(2)
    const [, mail] = written
    expect(mail?.body).toContain('was reported as leaked. The store had paused it already.')
  })

  test('is proven to be refused, as after every revocation', async () => {
    let gateway: ProofResponder | undefined
    try {
      gateway = startProofResponder({
        ...{ url: appUrl, db, verifier: patientVerifier(db), heartbeatEveryMs: 50, name: 'gateway 1' },
      })
      const alive = async () => (await owner.$client.query('select from gateway_processes')).rows.length
      await expect.poll(alive, { timeout: 40_000 }).toBe(1)
      const token = await issue()
      await report([token.text])
      await actOnReports({ db })
      const { rows } = await owner.$client.query('select * from kept_proofs where token_id = $1', [token.id])
      expect(rows).toMatchObject([{ gateways: 1, refused: 1, accepting: 0 }])
    } finally {
      await gateway?.close()
    }
  })

  test('waits while a gateway that knows no pauses is alive, and holds up no other store', async () => {
    await choose('pause')
    const [token, other] = [await issue(), await issue({}, await buildShop())]
    await report([token.text, other.text])
    await noteHeartbeat(db, { id: crypto.randomUUID(), name: 'old', runningForMs: 0 })
    await owner.$client.query('update gateway_processes set look_up_version = 2')
    await expect(actOnReports({ db })).rejects.toThrow('could not be acted on')
    expect([await causeOf(token), await causeOf(other)]).toEqual([null, 'revoked'])
    await owner.$client.query('delete from gateway_processes')
    await actOnReports({ db })
    expect(await causeOf(token)).toBe('paused')
  })
})

test('whatever state tokens are in, a report ends the live ones of all stores alone, and says nothing of others', async () => {
  const [mine, theirs] = [shop, await buildShop()]
  const revoke = async (token: Issued, { merchant }: Shop) => {
    const chosen = { extent: 'chosen', reason: 'exposed', note: undefined } as const
    await revokeTokens(merchant, { ...chosen, tokenIds: [token.id] }, use)
    return token
  }
  const kinds = {
    live: (at: Shop) => issue({}, at),
    expired: (at: Shop) => issue(expired, at),
    revoked: async (at: Shop) => revoke(await issue({}, at), at),
    renewed: async (at: Shop) => {
      const token = await issue({}, at)
      await renewToken(at.merchant, { tokenId: token.id }, use)
      return token
    },
    retired: async (at: Shop) => {
      const token = await issue({}, at)
      const successor = await buildToken(owner, { ...at.pair, predecessorId: token.id })
      await buildRetirementPlan(owner, successor, {
        ...{ side: 'merchant', by: { id: at.merchant.userId, name: at.merchant.userName } },
        retireAt: new Date(Date.now() - 60_000),
      })
      await executeRetirements({ db })
      return token
    },
    unknown: async () => ({ ...mintToken(), id: crypto.randomUUID() }),
  }
  const anyKind = fc.constantFrom(...(Object.keys(kinds) as (keyof typeof kinds)[]))
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(anyKind, fc.constantFrom(mine, theirs), fc.integer({ min: 1, max: 3 })), {
        minLength: 1,
        maxLength: 4,
      }),
      async (chosen) => {
        const tokens: { token: Issued; before: string | null; times: number }[] = []
        for (const [kind, at, times] of chosen) {
          const token = await kinds[kind](at)
          tokens.push({ token, before: await causeOf(token), times })
        }
        const untouched = await issue()
        await report(tokens.flatMap(({ token, times }) => Array<string>(times).fill(token.text)))
        await actAtOnce(2)
        for (const { token, before } of tokens) {
          expect(await causeOf(token)).toBe(before ?? 'revoked')
          const events = await rowsOf('events', token)
          expect(events.map(({ what }) => what)).toEqual(before === null ? ['token.revoked'] : [])
        }
        expect(await causeOf(untouched)).toBeNull()
        expect(await waiting()).toBe(0)
      },
    ),
    { numRuns: 5 },
  )
}, 180_000)

test('a token that was cut off stays so', async () => {
  const token = await issue()
  const all = { otherId: shop.pair.partnerId, name: shop.partnerName, reason: 'exposed' } as const
  const cut = await cutOff(shop.merchant, all, use)
  expect(cut.ok).toBe(true)
  await report([token.text])
  await actOnReports({ db })
  expect(await rowsOf('events', token)).toEqual([])
  expect((await rowsOf('audit_events', token)).map(({ what }) => what)).toEqual(['token.reported'])
})

test('two reports of one token at once revoke it once', async () => {
  const token = await issue()
  await Promise.all(Array.from({ length: 6 }, () => report([token.text, token.text])))
  await actAtOnce(4)
  const records = (await rowsOf('audit_events', token)).map(({ what }) => what)
  expect(records.filter((what) => what === 'token.revoked')).toHaveLength(1)
  expect(records.filter((what) => what === 'token.reported')).toHaveLength(1)
  expect((await rowsOf('events', token)).map(({ what }) => what)).toEqual(['token.revoked'])
  expect(await waiting()).toBe(0)
})

test('of a worker that dies in between nothing is left, and the next one does it all', async () => {
  const token = await issue()
  await report([token.text])
  const dying = connect({ url: appUrl, applicationName: 'dying worker' })
  const holder = await owner.$client.connect()
  try {
    await holder.query('begin')
    await holder.query('select from partner_access where store_id = $1 for update', [shop.pair.storeId])
    const acting = actOnReports({ db: dying }).catch((error: Error) => error)
    await untilBlocked(owner)
    const login = new Client({ connectionString: appUrl })
    await login.connect()
    await login.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'dying worker'`,
    )
    await login.end()
    expect(await acting).toBeInstanceOf(Error)
    await holder.query('rollback')
  } finally {
    holder.release(true)
    await dying.$client.end()
  }
  expect([await causeOf(token), await waiting()]).toEqual([null, 1])
  expect(await rowsOf('audit_events', token)).toEqual([])
  await actOnReports({ db })
  expect([await causeOf(token), await waiting()]).toEqual(['revoked', 0])
})

test('a report is answered without a look at any token, store or partner', async () => {
  const token = await issue()
  const holder = await owner.$client.connect()
  try {
    await holder.query('begin; lock table tokens, stores, partners, partner_access, revocations')
    expect((await countReport('203.0.113.9', { db })).ok).toBe(true)
    await report([token.text, mintToken().text])
    await report(['nothing at all'])
  } finally {
    await holder.query('rollback')
    holder.release()
  }
  // Nothing is kept of a text without a token.
  expect(await waiting()).toBe(1)
})

test('of a text nothing is in any row, neither while it waits nor afterwards', async () => {
  const marker = 'Quicksilver-Heron'
  const [token, nobodys] = [await issue(), mintToken()]
  await report([`${marker} ${token.text}\n${nobodys.text}`])
  const { rows: tables } = await owner.$client.query(
    `select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')`,
  )
  const rowsWith = async (texts: string[]) => {
    const holding: string[] = []
    for (const { name } of tables) {
      const { rows } = await owner.$client.query(`select from ${name} t where t::text ilike any($1)`, [
        texts.map((text) => `%${text.replaceAll('_', '\\_')}%`),
      ])
      if (rows.length > 0) holding.push(name)
    }
    return holding
  }
  const texts = [marker, token.text.slice(4), nobodys.text.slice(4)]
  const hash = nobodys.hash.toString('hex')
  expect(await rowsWith(texts)).toEqual([])
  expect(await rowsWith([hash])).toEqual(['public.leak_reports'])
  await actOnReports({ db })
  expect(await rowsWith([...texts, hash])).toEqual([])
})

test('more tokens than a report has texts are divided, and all of them looked up', async () => {
  const token = await issue()
  const noise = Array.from({ length: maxTexts + 5 }, () => mintToken().text)
  await report([[...noise, token.text].join('\n')])
  expect(await waiting()).toBe(2)
  await actOnReports({ db })
  expect([await causeOf(token), await waiting()]).toEqual(['revoked', 0])
})

test('the record of a report has where it came from, and only where a token was found', async () => {
  const token = await issue()
  await report([mintToken().text])
  await report([token.text, mintToken().text])
  await actOnReports({ db })
  const { rows } = await owner.$client.query(
    `select store_id, user_id, address, details from audit_events where action = 'leak.reported' and store_id = $1`,
    [shop.pair.storeId],
  )
  expect(rows).toMatchObject([
    {
      user_id: null,
      address: from.address,
      details: { by: 'report', source: 'public', tokens: '1', ...said },
    },
  ])
})

describe('reports are counted', () => {
  afterEach(() => owner.$client.query('delete from rate_limit_counters'))
  const count = async (address: string) => (await countReport(address, { db })).ok

  test('by address', async () => {
    for (let n = 0; n < reportLimit.points; n++) expect(await count('192.0.2.1')).toBe(true)
    expect(await countReport('192.0.2.1', { db })).toMatchObject({ refusal: { kind: 'too-often' } })
    expect(await count('192.0.2.2')).toBe(true)
  })

  test('and by network', async () => {
    const taken = networkLimit.points
    for (let n = 0; n < taken; n++) expect(await count(`192.0.2.${n % 100}`)).toBe(true)
    expect(await count('192.0.2.200')).toBe(false)
    expect(await count('192.0.3.200')).toBe(true)
  })
})

test('the store’s choice is its owners’, and stands in the record', async () => {
  const { merchant } = shop
  const change = (role: 'viewer' | 'administrator') =>
    changeLeakAnswer({ ...merchant, role }, { answer: 'pause' }, use)
  for (const role of ['viewer', 'administrator'] as const)
    expect(await change(role)).toEqual({ ok: false, refusal: 'not-allowed' })
  await choose('pause')
  await choose('pause')
  await choose('revoke')
  const { rows } = await owner.$client.query(
    `select details->>'answer' as answer from audit_events where store_id = $1 and action = 'leak.answer-changed' order by id`,
    [merchant.storeId],
  )
  expect(rows).toEqual([{ answer: 'pause' }, { answer: 'revoke' }])
})
