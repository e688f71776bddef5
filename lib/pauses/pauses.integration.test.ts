import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connect, type Database } from '#db/client.ts'
import { insertPauses, insertResumes, listTokensToPause } from '#db/queries/tokens/pauses.ts'
import { noteHeartbeat } from '#db/queries/verification/gateway-processes.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
} from '#tools/seed/builders.ts'
import { untilBlocked } from '#tools/test-databases/blocked-queries.ts'
import { endPauses } from '#tools/test-databases/end-pauses.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { recordedActing, type Side } from '../access/actor.ts'
import type { MerchantActor, PartnerActor } from '../access/actors.ts'
import { cutOff } from '../cut-offs/cut-off.ts'
import { writeCutOffBooks } from '../cut-offs/write-books.ts'
import { testKeys } from '../encryption/test-keyring.ts'
import { confirmPlan } from '../plans/confirm.ts'
import { freezePlan } from '../plans/freeze.ts'
import { planHash } from '../plans/hash.ts'
import type { Result } from '../result.ts'
import { dayMs, hourMs, minuteMs } from '../time/units.ts'
import { countOwnTokens } from '../tokens/review/counts.ts'
import { findToken, listTokens } from '../tokens/review/list.ts'
import { readListQuery } from '../tokens/review/list-query.ts'
import { revokeTokens } from '../tokens/revoke.ts'
import { revokePresentedIn } from '../tokens/revoke-presented.ts'
import { renewToken } from '../tokens/test-renewal.ts'
import { patientVerifier } from '../verification/test-verifier.ts'
import { createUsageRecorder, writeUsesTo } from '../verification/usage.ts'
import { longestPauseDays, pausesOfTokenADay } from './limits.ts'
import { pauseLimits, pauseTokens } from './pause.ts'
import { resumeTokens } from './resume.ts'
import type { PauseInput } from './schemas.ts'
import { writeEndsOfPauses } from './write-ends.ts'

const { db, owner, appUrl } = prepareTestDatabase()
const verifier = patientVerifier(db)
const use = { db, address: '192.0.2.1', keys: testKeys }

let merchant: MerchantActor
let partner: PartnerActor
let pair: { storeId: string; partnerId: string }
let partnerName: string

beforeEach(async () => {
  await owner.$client.query('delete from gateway_processes')
  await writeEndsOfPauses({ db })
  const [store, company, user, other] = [
    await buildStore(owner),
    await buildPartner(owner),
    await buildUser(owner),
    await buildUser(owner),
  ]
  await grantAccess(owner, { store, partner: company })
  await addStoreMember(owner, { store, user, role: 'owner' })
  await addPartnerMember(owner, { partner: company, user: other, role: 'owner' })
  merchant = { side: 'merchant', storeId: store.id, userId: user.id, userName: user.name, role: 'owner' }
  partner = { side: 'partner', partnerId: company.id, userId: other.id, userName: other.name, role: 'owner' }
  pair = { storeId: store.id, partnerId: company.id }
  partnerName = company.name
})

const actorOf = (side: Side) => (side === 'merchant' ? merchant : partner)
const tokenOf = (options = {}) => buildToken(owner, { ...pair, ...options })

type Chosen = Partial<PauseInput> & { tokenIds: string[] }

const paused = (side: Side, input: Chosen, by = db) =>
  pauseTokens(
    actorOf(side),
    { until: { lengthMs: hourMs }, endsAs: 'resumed', reason: 'exposed', note: null, ...input },
    { ...use, db: by },
  )

function value<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.refusal)}`)
  return result.value
}

/** By the gateway's own look-up; null: it is accepted. */
async function causeOf({ hash }: { hash: Buffer }) {
  const verified = await patientVerifier(db).verifyHash(hash.toString('hex'))
  return verified.ok ? null : verified.refusal.cause
}

const seen = (side: Side, id: string) => findToken(actorOf(side), id, { db })

async function listed(side: Side, show: 'active' | 'ended') {
  const { tokens } = await listTokens(actorOf(side), readListQuery({ show }, side), { db })
  return tokens.map(({ id }) => id)
}

async function rowsOf(table: 'audit_events' | 'events', id: string) {
  const { rows } = await owner.$client.query(
    `select ${table === 'events' ? 'kind' : 'action'} as what, side, details from ${table} where token_id = $1
       and ${table === 'events' ? 'kind' : 'action'} <> 'token.issued' order by id`,
    [id],
  )
  return rows
}

describe('a pause', () => {
  test('refuses from the next call on, with a cause of its own, and ends by itself: it works again with no worker alive', async () => {
    const [token, other] = [await tokenOf(), await tokenOf()]
    const outcome = value(await paused('merchant', { tokenIds: [token.id] }))
    expect(outcome).toMatchObject({
      paused: [{ id: token.id }],
      leftOut: [],
      missing: 0,
      onStandby: 'confirmed',
    })
    expect([await causeOf(token), await causeOf(other)]).toEqual(['paused', null])
    expect(await listed('partner', 'active')).toContain(token.id)
    await endPauses(owner, [token.id])
    expect(await causeOf(token)).toBeNull()
    expect(await seen('merchant', token.id)).toMatchObject({ status: 'new', pauses: [] })
  })

  test('of a token that expired since it was looked at is not written', async () => {
    const [token, expired] = [
      await tokenOf(),
      await tokenOf({ createdAt: new Date(Date.now() - hourMs), expiresAt: new Date(Date.now() - 1) }),
    ]
    const pauses = await insertPauses(db, merchant, {
      ...{ tokenIds: [token.id, expired.id], operationId: randomUUID(), at: new Date() },
      ...{ endsAt: new Date(Date.now() + hourMs), endsAs: 'resumed' as const, reason: 'exposed' as const },
      ...{ note: null, address: null, ...recordedActing(merchant) },
    })
    expect(pauses.map(({ tokenId }) => tokenId)).toEqual([token.id])
  })

  test('that is to end so revokes the token as of its end, everywhere and with no worker alive; the books follow', async () => {
    const [token, sibling] = [await tokenOf(), await tokenOf()]
    value(
      await paused('partner', { tokenIds: [token.id], endsAs: 'revoked', reason: 'other', note: 'Old shop' }),
    )
    expect(await causeOf(token)).toBe('paused')
    expect(await countOwnTokens(merchant, { db })).toMatchObject({
      active: { count: 2 },
      ended: { count: 0 },
    })
    await endPauses(owner, [token.id])
    expect(await causeOf(token)).toBe('revoked')
    const asOfItsEnd = async () => {
      const { rows } = await owner.$client.query('select ends_at from pauses where token_id = $1', [token.id])
      for (const side of ['merchant', 'partner'] as const) {
        expect(await seen(side, token.id)).toMatchObject({
          ...{
            status: 'revoked',
            revokedAt: rows[0].ends_at,
            revokedFrom: 'partner',
            revokedBy: partner.userName,
          },
          ...{ reason: 'other', note: 'Old shop', cutOffId: null, pauses: [] },
        })
        expect(await listed(side, 'active')).toEqual([sibling.id])
        expect(await listed(side, 'ended')).toEqual([token.id])
        expect(await countOwnTokens(actorOf(side), { db })).toMatchObject({
          ...{ active: { count: 1 }, ended: { count: 1 } },
        })
      }
      expect(await renewToken(partner, { tokenId: token.id }, use)).toEqual({ ok: false, refusal: 'revoked' })
      const revoked = value(
        await revokeTokens(
          merchant,
          { tokenIds: [token.id], extent: 'chosen', reason: 'exposed', note: undefined },
          use,
        ),
      )
      expect(revoked).toMatchObject({ revokedCount: 0, alreadyRevoked: [{ id: token.id }] })
    }
    await asOfItsEnd()
    expect(await writeEndsOfPauses({ db })).toBe(1)
    await asOfItsEnd()
    expect(await writeEndsOfPauses({ db })).toBe(0)
    expect(await rowsOf('audit_events', token.id)).toMatchObject([
      { what: 'token.paused', side: 'partner', details: { endsAs: 'revoked' } },
      { what: 'token.revoked', side: 'partner', details: { by: 'plan', after: 'pause' } },
    ])
    expect(await rowsOf('events', token.id)).toMatchObject([
      { what: 'token.paused', side: 'partner' },
      { what: 'token.revoked', side: 'partner', details: { reason: 'other', note: 'Old shop' } },
    ])
    const { rows } = await owner.$client.query('select count(*)::int from live_tokens where id = $1', [
      token.id,
    ])
    expect(rows).toEqual([{ count: 0 }])
  })

  test('of each side is its own: it works again after both, and each resumes its own alone', async () => {
    const token = await tokenOf()
    value(await paused('merchant', { tokenIds: [token.id] }))
    value(await paused('partner', { tokenIds: [token.id], until: { lengthMs: dayMs } }))
    expect(await seen('merchant', token.id)).toMatchObject({
      pauses: [
        { side: 'merchant', number: 1, by: merchant.userName, reason: 'exposed' },
        { side: 'partner', number: 1, by: partner.userName, byEmail: null, byRole: 'owner' },
      ],
      state: { kind: 'paused', endsAs: 'resumed', by: ['merchant', 'partner'] },
      nextStep: { merchant: 'resume', partner: 'resume' },
    })
    const resumed = value(await resumeTokens(merchant, { tokenIds: [token.id] }, use))
    expect(resumed).toMatchObject({ resumed: [{ id: token.id, pauses: [{ side: 'partner' }] }], leftOut: [] })
    expect(await causeOf(token)).toBe('paused')
    expect(value(await resumeTokens(merchant, { tokenIds: [token.id] }, use))).toMatchObject({
      ...{ resumed: [], leftOut: [{ obstacle: 'paused-by-others' }] },
    })
    value(await resumeTokens(partner, { tokenIds: [token.id] }, use))
    expect(await causeOf(token)).toBeNull()
    expect(value(await resumeTokens(partner, { tokenIds: [token.id] }, use))).toMatchObject({
      ...{ resumed: [], leftOut: [{ obstacle: 'not-paused' }] },
    })
    expect((await rowsOf('audit_events', token.id)).map(({ what, side }) => [what, side])).toEqual([
      ['token.paused', 'merchant'],
      ['token.paused', 'partner'],
      ['token.resumed', 'merchant'],
      ['token.resumed', 'partner'],
    ])
  })

  test('is never longer than the token lives: at its expiry it has expired, and is not revoked', async () => {
    const token = await tokenOf({ expiresAt: new Date(Date.now() + hourMs) })
    value(await paused('merchant', { tokenIds: [token.id], until: { lengthMs: dayMs }, endsAs: 'revoked' }))
    const { rows } = await owner.$client.query(
      `select ends_at = expires_at as same from pauses join tokens on id = token_id where id = $1`,
      [token.id],
    )
    expect(rows).toEqual([{ same: true }])
    await owner.$client.query(
      `alter table tokens disable trigger tokens_are_final; alter table pauses disable trigger pauses_are_final;
       update tokens set expires_at = date_trunc('milliseconds', clock_timestamp()) where id = '${token.id}';
       update pauses set ends_at = expires_at from tokens where id = token_id and id = '${token.id}';
       update pause_books b set ends_at = p.ends_at from pauses p where p.token_id = b.token_id and p.token_id = '${token.id}';
       alter table tokens enable trigger tokens_are_final; alter table pauses enable trigger pauses_are_final`,
    )
    expect(await causeOf(token)).toBe('expired')
    expect(await seen('merchant', token.id)).toMatchObject({ status: 'expired', revokedAt: null })
    expect(await writeEndsOfPauses({ db })).toBe(1)
    expect(await seen('merchant', token.id)).toMatchObject({ status: 'expired', revokedAt: null })
  })

  test('by time is announced once, where the other side has paused the token too by the last of them', async () => {
    const [alone, both] = [await tokenOf(), await tokenOf()]
    value(await paused('merchant', { tokenIds: [alone.id, both.id] }))
    value(await paused('partner', { tokenIds: [both.id] }))
    await owner.$client.query(`
      alter table pauses disable trigger pauses_are_final;
      update pauses set ends_at = begun_at + interval '1 ms' where side = 'merchant' and store_id = '${pair.storeId}';
      alter table pauses enable trigger pauses_are_final;
      update pause_books b set ends_at = p.ends_at from pauses p
        where p.token_id = b.token_id and p.side = b.side and b.store_id = '${pair.storeId}'`)
    expect(await writeEndsOfPauses({ db })).toBe(2)
    const announced = async (id: string) =>
      (await rowsOf('events', id)).filter(({ what }) => what === 'token.resumed')
    expect(await announced(alone.id)).toMatchObject([{ side: 'merchant', details: { by: 'plan' } }])
    expect(await announced(both.id)).toEqual([])
    await endPauses(owner, [both.id])
    expect(await writeEndsOfPauses({ db })).toBe(1)
    expect(await announced(both.id)).toMatchObject([{ side: 'partner' }])
  })

  test('that ends at the same moment as that of the other side is announced once, also where the worker comes late to both', async () => {
    const [same, apart] = [await tokenOf(), await tokenOf()]
    const until = { at: new Date(Date.now() + hourMs) }
    for (const side of ['merchant', 'partner'] as const)
      value(await paused(side, { tokenIds: [same.id, apart.id], until }))
    await owner.$client.query(`
      alter table pauses disable trigger pauses_are_final;
      update pauses set ends_at = begun_at + case when token_id = '${apart.id}' and side = 'partner' then interval '2 ms'
          else '1 ms' end + (select max(begun_at) - pauses.begun_at from pauses two where two.token_id = pauses.token_id)
        where store_id = '${pair.storeId}';
      alter table pauses enable trigger pauses_are_final;
      update pause_books b set ends_at = p.ends_at from pauses p
        where p.token_id = b.token_id and p.side = b.side and b.store_id = '${pair.storeId}'`)
    expect(await writeEndsOfPauses({ db })).toBe(4)
    for (const { id } of [same, apart]) {
      const [written, announced] = [await rowsOf('audit_events', id), await rowsOf('events', id)]
      expect(written.filter(({ what }) => what === 'token.resumed')).toHaveLength(2)
      expect(announced.filter(({ what }) => what === 'token.resumed')).toEqual([
        { what: 'token.resumed', side: 'partner', details: { by: 'plan', accepted: 'yes' } },
      ])
    }
  })

  test('that one side resumes is not said to work again while the other side pauses it', async () => {
    const token = await tokenOf()
    for (const side of ['merchant', 'partner'] as const) value(await paused(side, { tokenIds: [token.id] }))
    for (const actor of [partner, merchant]) value(await resumeTokens(actor, { tokenIds: [token.id] }, use))
    expect((await rowsOf('events', token.id)).filter(({ what }) => what === 'token.resumed')).toEqual([
      { what: 'token.resumed', side: 'partner', details: { accepted: 'no' } },
      { what: 'token.resumed', side: 'merchant', details: { accepted: 'yes' } },
    ])
  })

  test('that had ended before its token was revoked is on record, and nobody is notified late that it works', async () => {
    const token = await tokenOf()
    value(await paused('merchant', { tokenIds: [token.id] }))
    await endPauses(owner, [token.id])
    await revokeTokens(
      merchant,
      { tokenIds: [token.id], extent: 'chosen', reason: 'exposed', note: undefined },
      use,
    )
    expect(await writeEndsOfPauses({ db })).toBe(1)
    const kinds = async (table: 'audit_events' | 'events') =>
      (await rowsOf(table, token.id)).map(({ what }) => what).sort()
    expect(await kinds('audit_events')).toEqual(['token.paused', 'token.resumed', 'token.revoked'])
    expect(await kinds('events')).toEqual(['token.paused', 'token.revoked'])
  })

  test('of a token that was revoked meanwhile comes to nothing', async () => {
    const token = await tokenOf()
    value(await paused('partner', { tokenIds: [token.id], endsAs: 'revoked' }))
    await revokeTokens(
      merchant,
      { tokenIds: [token.id], extent: 'chosen', reason: 'exposed', note: undefined },
      use,
    )
    const before = await seen('merchant', token.id)
    expect(before).toMatchObject({ status: 'revoked', revokedFrom: 'merchant', pauses: expect.any(Array) })
    expect(value(await resumeTokens(partner, { tokenIds: [token.id] }, use))).toMatchObject({
      ...{ resumed: [], leftOut: [{ obstacle: 'revoked' }] },
    })
    await endPauses(owner, [token.id])
    expect(await writeEndsOfPauses({ db })).toBe(1)
    const { revokedAt, revokedFrom } = (await seen('merchant', token.id)) ?? {}
    expect([revokedAt, revokedFrom]).toEqual([before?.revokedAt, 'merchant'])
    expect((await rowsOf('audit_events', token.id)).map(({ what }) => what)).toEqual([
      'token.paused',
      'token.revoked',
    ])
  })

  test('of a token that is cut off before its end leaves it to the cut-off; one that ended before keeps its own moment', async () => {
    const [ended, open] = [await tokenOf(), await tokenOf()]
    value(await paused('merchant', { tokenIds: [ended.id, open.id], endsAs: 'revoked' }))
    await endPauses(owner, [ended.id])
    const { revokedIds, at } = value(
      await cutOff(merchant, { otherId: pair.partnerId, name: partnerName, reason: 'exposed' }, use),
    )
    expect(revokedIds).toEqual([open.id])
    await endPauses(owner, [open.id])
    const both = async () => [await seen('partner', ended.id), await seen('partner', open.id)]
    const before = await both()
    expect(before).toMatchObject([
      { status: 'revoked', cutOffId: null },
      { status: 'revoked', revokedAt: at, cutOffId: expect.any(String) },
    ])
    await writeCutOffBooks({ db })
    expect(await writeEndsOfPauses({ db })).toBe(2)
    const stripped = (tokens: Awaited<ReturnType<typeof both>>) =>
      tokens.map((token) => [token?.revokedAt, token?.cutOffId, token?.revokedFrom])
    expect(stripped(await both())).toEqual(stripped(before))
  })

  test('can be renewed by who paused it, not by the other side, and revoked by either or by the program that has it', async () => {
    const [first, second] = [await tokenOf(), await tokenOf()]
    value(await paused('merchant', { tokenIds: [first.id, second.id] }))
    expect(await renewToken(partner, { tokenId: first.id }, use)).toEqual({ ok: false, refusal: 'paused' })
    expect((await renewToken(merchant, { tokenId: first.id }, use)).ok).toBe(true)
    const verified = await verifier.verifyHash(second.hash.toString('hex'))
    if (verified.ok || !verified.refusal.token) throw new Error('it should be refused as paused')
    expect(await revokePresentedIn(db)(verified.refusal.token, { address: null })).toBe('confirmed')
    expect([await causeOf(first), await causeOf(second)]).toEqual(['paused', 'revoked'])
  })
})

test('a plan of the other side renews none of what one side has paused; that of its own does', async () => {
  const [own, others] = [await tokenOf(), await tokenOf()]
  value(await paused('merchant', { tokenIds: [own.id] }))
  value(await paused('partner', { tokenIds: [others.id] }))
  const { planId } = value(await freezePlan(merchant, { chosen: '' }, { db }))
  const { rows } = await owner.$client.query('select ids_hash from bulk_plans where id = $1', [planId])
  const renewal = { expiresAt: null, retirement: { when: 'never' }, runAt: null } as const
  const hash = planHash('renew', rows[0].ids_hash)
  expect(await confirmPlan(merchant, { kind: 'renew', planId, hash, ...renewal }, use)).toMatchObject({
    ...{ ok: true, value: { is: 'done' } },
  })
  expect(await seen('merchant', own.id)).toMatchObject({ status: 'renewed' })
  expect(await seen('merchant', others.id)).toMatchObject({ status: 'new' })
  const { rows: left } = await owner.$client.query(
    'select token_id as id, why from bulk_plan_left_out where plan_id = $1',
    [planId],
  )
  expect(left).toEqual([{ id: others.id, why: 'paused' }])
})

test('calls with a paused token are counted with the pause: how many, when, from where and by what', async () => {
  const token = await tokenOf()
  const call = { tokenId: token.id, api: 'order', address: '203.0.113.9', client: 'sync/2.1' } as const
  const usage = createUsageRecorder({ write: writeUsesTo(db) })
  const called = async (times: number) => {
    for (let n = 0; n < times; n++) usage.record({ ...call, cause: 'paused', at: new Date() })
    await usage.flush()
  }
  value(await paused('merchant', { tokenIds: [token.id] }))
  await called(2)
  await called(1)
  expect(await seen('partner', token.id)).toMatchObject({
    attempts: null,
    pauses: [{ attempts: { count: 3, lastAddress: '203.0.113.9', lastClient: 'sync/2.1' } }],
  })
  value(await resumeTokens(merchant, { tokenIds: [token.id] }, use))
  value(await paused('merchant', { tokenIds: [token.id] }))
  expect(await seen('partner', token.id)).toMatchObject({ pauses: [{ number: 2, attempts: null }] })
  await usage.close()
})

describe('is refused', () => {
  test.each([
    ['shorter than five minutes', { lengthMs: 5 * minuteMs - 1 }, 'pause-too-short'],
    ['longer than 90 days', { lengthMs: longestPauseDays * dayMs + 1 }, 'pause-too-long'],
    ['until yesterday', { at: new Date(Date.now() - dayMs) }, 'pause-too-short'],
    ['until no day at all', { at: new Date(Number.NaN) }, 'pause-too-short'],
  ])('a pause %s', async (_what, until, refusal) => {
    const token = await tokenOf()
    expect(await paused('merchant', { tokenIds: [token.id], until })).toEqual({ ok: false, refusal })
    expect(await causeOf(token)).toBeNull()
  })

  test('pausing while a gateway of the version before may be alive; nothing is done', async () => {
    const token = await tokenOf()
    const edge = { id: randomUUID(), name: 'edge', runningForMs: 0 }
    await noteHeartbeat(db, edge)
    value(await paused('merchant', { tokenIds: [(await tokenOf()).id] }))
    await owner.$client.query('update gateway_processes set look_up_version = 2')
    expect(await paused('merchant', { tokenIds: [token.id] })).toEqual({
      ok: false,
      refusal: 'older-gateways',
    })
    expect(await causeOf(token)).toBeNull()
    await noteHeartbeat(db, edge)
    value(await paused('merchant', { tokenIds: [token.id] }))
  })

  test('a viewer, and a stranger finds nothing', async () => {
    const token = await tokenOf()
    const [viewer, input] = [
      { ...merchant, role: 'viewer' as const },
      {
        tokenIds: [token.id],
        until: { lengthMs: hourMs },
        endsAs: 'resumed' as const,
        reason: null,
        note: null,
      },
    ]
    expect(await pauseTokens(viewer, input, use)).toEqual({ ok: false, refusal: 'not-allowed' })
    expect(await resumeTokens(viewer, input, use)).toEqual({ ok: false, refusal: 'not-allowed' })
    const stranger = { ...merchant, storeId: (await buildStore(owner)).id }
    expect(await pauseTokens(stranger, input, use)).toEqual({ ok: false, refusal: 'not-found' })
    expect(await resumeTokens(stranger, input, use)).toEqual({ ok: false, refusal: 'not-found' })
  })

  test('what has ended, expires too soon, or is paused already is left out, and named', async () => {
    const [good, gone, late, soon, twice] = [
      await tokenOf(),
      await tokenOf(),
      await tokenOf({ expiresAt: new Date(Date.now() - 1_000) }),
      await tokenOf({ expiresAt: new Date(Date.now() + 4 * minuteMs) }),
      await tokenOf(),
    ]
    const revocation = { extent: 'chosen', reason: 'exposed', note: undefined } as const
    await revokeTokens(merchant, { tokenIds: [gone.id], ...revocation }, use)
    value(await paused('merchant', { tokenIds: [twice.id] }))
    const tokenIds = [good, gone, late, soon, twice].map(({ id }) => id)
    // One of the same partner at another store counts like one that there is not.
    const elsewhere = await buildStore(owner)
    await grantAccess(owner, { store: elsewhere, partner: { id: pair.partnerId, name: partnerName } })
    const foreign = await tokenOf({ storeId: elsewhere.id })
    const others = [randomUUID(), foreign.id]
    const outcome = value(await paused('merchant', { tokenIds: [...tokenIds, ...others] }))
    expect(outcome.paused.map(({ id }) => id)).toEqual([good.id])
    expect(outcome.missing).toBe(2)
    expect(await causeOf(foreign)).toBeNull()
    value(await paused('partner', { tokenIds: [foreign.id] }))
    const resumed = value(await resumeTokens(merchant, { tokenIds: [good.id, ...others] }, use))
    expect(resumed).toMatchObject({ resumed: [{ id: good.id }], leftOut: [], missing: 2 })
    value(await paused('merchant', { tokenIds: [good.id] }))
    expect(Object.fromEntries(outcome.leftOut.map(({ token, obstacle }) => [token.id, obstacle]))).toEqual({
      [gone.id]: 'revoked',
      [late.id]: 'expired',
      [soon.id]: 'expires-too-soon',
      [twice.id]: 'paused',
    })
  })

  test('more than ten pauses of a token within a day, of each side by itself', async () => {
    const token = await tokenOf()
    for (let n = 0; n < pausesOfTokenADay; n++) {
      expect(value(await paused('merchant', { tokenIds: [token.id] })).paused).toHaveLength(1)
      expect(value(await resumeTokens(merchant, { tokenIds: [token.id] }, use)).resumed).toHaveLength(1)
    }
    expect(value(await paused('merchant', { tokenIds: [token.id] }))).toMatchObject({
      ...{ paused: [], leftOut: [{ obstacle: 'paused-too-often' }] },
    })
    expect(value(await paused('partner', { tokenIds: [token.id] })).paused).toHaveLength(1)
  })
})

describe('the last moments before a revocation', () => {
  test('are too late for resuming: by the verb in the last 15 seconds, by the database at the commit in the last five', async () => {
    const token = await tokenOf()
    value(await paused('merchant', { tokenIds: [token.id], endsAs: 'revoked' }))
    await endPauses(owner, [token.id], 14)
    expect(value(await resumeTokens(merchant, { tokenIds: [token.id] }, use))).toMatchObject({
      ...{ resumed: [], leftOut: [{ obstacle: 'ends-now' }] },
    })
    const held = await db.$client.connect()
    await held.query('begin')
    await held.query(
      `insert into resumes (token_id, side, number, resumed_at, user_id) values ($1, 'merchant', 1, now(), $2)`,
      [token.id, merchant.userId],
    )
    await endPausesBesideResume(token.id)
    await expect(held.query('commit')).rejects.toThrow('too late')
    held.release(true)
    expect(await causeOf(token)).toBe('paused')
  })

  test('of a pause that ends as a resumption are not', async () => {
    const token = await tokenOf()
    value(await paused('merchant', { tokenIds: [token.id] }))
    await endPauses(owner, [token.id], 14)
    expect(value(await resumeTokens(merchant, { tokenIds: [token.id] }, use)).resumed).toHaveLength(1)
    expect(await causeOf(token)).toBeNull()
  })
})

/** The clock goes on while a transaction that resumes is open. */
async function endPausesBesideResume(tokenId: string) {
  await owner.$client.query(`
    alter table pauses disable trigger pauses_are_final;
    update pauses set ends_at = clock_timestamp() + interval '4 seconds' where token_id = '${tokenId}';
    alter table pauses enable trigger pauses_are_final`)
}

describe('at once', () => {
  /** When somebody looked who writes only now that the end has come. */
  async function justBeforeTheEnd(id: string) {
    const { rows } = await owner.$client.query('select ends_at from pauses where token_id = $1', [id])
    return new Date(rows[0].ends_at.getTime() - 1)
  }

  /** Waits for whoever holds a row longer than people do: until the other one has come that far on a busy machine. */
  let patient: Database
  beforeAll(() => {
    patient = connect({ url: appUrl, applicationName: 'patient', lockTimeoutMs: 50_000 })
  })
  afterAll(() => patient.$client.end())

  const revoking = (tokenIds: string[]) =>
    revokeTokens(
      merchant,
      { tokenIds, extent: 'chosen', reason: 'exposed', note: undefined },
      { ...use, db: patient },
    )
  const pausing = (tokenIds: string[]) => paused('partner', { tokenIds }, patient)

  async function held() {
    const client = await owner.$client.connect()
    await client.query('begin')
    await client.query('select from partner_access where store_id = $1 and partner_id = $2 for update', [
      pair.storeId,
      pair.partnerId,
    ])
    return async () => {
      await client.query('rollback')
      client.release()
    }
  }

  test('with a revocation that comes first, the token is revoked and not paused', async () => {
    const token = await tokenOf()
    const giveBack = await held()
    const revocation = revoking([token.id])
    await untilBlocked(owner)
    const pause = pausing([token.id])
    await untilBlocked(owner, 2)
    await giveBack()
    expect(value(await revocation).revokedIds).toEqual([token.id])
    expect(value(await pause)).toMatchObject({ paused: [], leftOut: [{ obstacle: 'revoked' }] })
    expect(await causeOf(token)).toBe('revoked')
  })

  test('with a revocation that comes second, the token is paused and then revoked', async () => {
    const token = await tokenOf()
    const giveBack = await held()
    const pause = pausing([token.id])
    await untilBlocked(owner)
    const revocation = revoking([token.id])
    await untilBlocked(owner, 2)
    await giveBack()
    expect(value(await pause).pauses).toHaveLength(1)
    expect(value(await revocation).revokedIds).toEqual([token.id])
    expect(await causeOf(token)).toBe('revoked')
  })

  test('by two people of one side, it is paused once', async () => {
    const token = await tokenOf()
    const both = await Promise.all([
      paused('merchant', { tokenIds: [token.id] }),
      paused('merchant', { tokenIds: [token.id] }),
    ])
    expect(both.map((result) => value(result).pauses.length).sort()).toEqual([0, 1])
  })

  test('with its end, it is ended once: by the person or by itself', async () => {
    const token = await tokenOf()
    const { pauses } = value(await paused('merchant', { tokenIds: [token.id] }))
    await endPauses(owner, [token.id])
    const at = await justBeforeTheEnd(token.id)
    const by = {
      userId: merchant.userId,
      userName: merchant.userName,
      userRole: merchant.role,
      address: null,
    }
    const pausesToEnd = pauses.map(({ tokenId: id, number }) => ({ id, number }))
    const resumedAt = (at: Date) =>
      db.transaction((tx) =>
        insertResumes(tx, merchant, { pausesToEnd, operationId: randomUUID(), at, ...by }),
      )
    expect(await resumedAt(new Date(at.getTime() + 1))).toEqual([])
    await writeEndsOfPauses({ db })
    expect(await resumedAt(at)).toEqual([])
    expect((await rowsOf('audit_events', token.id)).map(({ what }) => what)).toEqual([
      'token.paused',
      'token.resumed',
    ])
  })

  test('with its end, a next one is left out and no error', async () => {
    const token = await tokenOf()
    value(await paused('merchant', { tokenIds: [token.id] }))
    await endPauses(owner, [token.id])
    const at = await justBeforeTheEnd(token.id)
    const asked = { tokenIds: [token.id], at, limits: pauseLimits }
    expect(await listTokensToPause(db, merchant, asked)).toEqual([{ id: token.id, obstacle: 'paused' }])
  })

  test('with others, one end that cannot be written holds up none of them, and is tried again', async () => {
    const tokens = [await tokenOf(), await tokenOf(), await tokenOf(), await tokenOf()]
    const ids = tokens.map(({ id }) => id)
    value(await paused('merchant', { tokenIds: ids, endsAs: 'revoked' }))
    await endPauses(owner, ids)
    const [bad = ''] = ids
    await owner.$client.query(`
      create function refuse_one() returns trigger language plpgsql as $$ begin
        if new.token_id = '${bad}' then raise exception 'not this one'; end if; return new; end $$;
      create trigger refuse_one before insert on revocations for each row execute function refuse_one()`)
    await expect(writeEndsOfPauses({ db, atOnce: 3 })).rejects.toThrow(`${bad} merchant 1`)
    const written = async () => {
      const { rows } = await owner.$client.query(
        'select token_id from revocations where token_id = any($1)',
        [ids],
      )
      return rows.map(({ token_id }) => token_id).sort()
    }
    expect(await written()).toEqual(ids.slice(1).sort())
    expect(await causeOf(tokens[0] as (typeof tokens)[0])).toBe('revoked')
    await owner.$client.query('drop trigger refuse_one on revocations; drop function refuse_one')
    expect(await writeEndsOfPauses({ db })).toBe(1)
    expect(await written()).toEqual(ids.sort())
  })

  test('with a pause of a colleague, a dialog that was read before ends only what it showed', async () => {
    const [same, anew] = [await tokenOf(), await tokenOf()]
    const tokenIds = [same.id, anew.id]
    value(await paused('merchant', { tokenIds }))
    const seenAt = (await seen('merchant', anew.id))?.asOf as Date
    value(await resumeTokens(merchant, { tokenIds: [anew.id], seenAt }, use))
    value(await paused('merchant', { tokenIds: [anew.id], endsAs: 'revoked', reason: 'exposed' }))
    const resumed = value(await resumeTokens(merchant, { tokenIds, seenAt }, use))
    expect(resumed).toMatchObject({
      resumed: [{ id: same.id }],
      leftOut: [{ token: { id: anew.id }, obstacle: 'paused-since' }],
    })
    expect([await causeOf(same), await causeOf(anew)]).toEqual([null, 'paused'])
    const later = (await seen('merchant', anew.id))?.asOf as Date
    const again = value(await resumeTokens(merchant, { tokenIds: [anew.id], seenAt: later }, use))
    expect(again.resumed).toHaveLength(1)
  })

  test('two workers write each end once', async () => {
    const tokens = [await tokenOf(), await tokenOf(), await tokenOf()]
    const ids = tokens.map(({ id }) => id)
    value(await paused('merchant', { tokenIds: ids, endsAs: 'revoked' }))
    await endPauses(owner, ids)
    await Promise.all([writeEndsOfPauses({ db, atOnce: 1 }), writeEndsOfPauses({ db, atOnce: 1 })])
    expect(await writeEndsOfPauses({ db })).toBe(0)
    for (const id of ids)
      expect((await rowsOf('audit_events', id)).map(({ what }) => what)).toEqual([
        'token.paused',
        'token.revoked',
      ])
  })
})

describe('the database keeps', () => {
  const written = (token: { id: string }, number: number, more = '') =>
    owner.$client.query(
      `insert into pauses (token_id, side, number, store_id, partner_id, operation_id, begun_at, ends_at, ends_as ${more && ', plan_id'})
       values ($1, 'merchant', $2, $3, $4, gen_random_uuid(), now(), now() + interval '1 hour', 'resumed' ${more})`,
      [token.id, number, pair.storeId, pair.partnerId],
    )

  test('pauses and resumptions as they were made', async () => {
    const token = await tokenOf()
    value(await paused('merchant', { tokenIds: [token.id] }))
    value(await resumeTokens(merchant, { tokenIds: [token.id] }, use))
    for (const statement of [
      `update pauses set ends_at = now()`,
      'delete from pauses',
      `update resumes set resumed_at = now()`,
      'delete from resumes',
    ]) {
      await expect(owner.$client.query(statement)).rejects.toThrow()
      await expect(db.$client.query(statement)).rejects.toThrow('permission denied')
    }
  })

  test('the order of the pauses of a side: no second one while the first is open, none left out', async () => {
    const token = await tokenOf()
    value(await paused('merchant', { tokenIds: [token.id] }))
    await expect(written(token, 2)).rejects.toThrow('one after the other')
    value(await resumeTokens(merchant, { tokenIds: [token.id] }, use))
    await expect(written(token, 3)).rejects.toThrow('one after the other')
    await written(token, 2)
    expect(await causeOf(token)).toBe('paused')
  })

  test('that no process of the version before renews what a pause has revoked', async () => {
    const token = await tokenOf()
    value(await paused('merchant', { tokenIds: [token.id], endsAs: 'revoked' }))
    await endPauses(owner, [token.id])
    const renewed = (createdAt: Date) => tokenOf({ predecessorId: token.id, createdAt })
    await expect(renewed(new Date(Date.now() + 60_000))).rejects.toThrow()
    await renewed(new Date(Date.now() - 1_000))
  })
})
