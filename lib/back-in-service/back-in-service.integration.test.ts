import { beforeEach, describe, expect, test } from 'vitest'
import { reapplyCutOffs } from '#db/queries/tokens/reapplied-revocations.ts'
import { writeUsageBatch } from '#db/queries/verification/usage-batches.ts'
import { addStoreMember, buildToken, buildUser } from '#tools/seed/builders.ts'
import { isBrokenOff } from '#tools/test-databases/broken-off.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { cutOff, cutOffByOperator } from '../cut-offs/cut-off.ts'
import { writeCutOffBooks } from '../cut-offs/write-books.ts'
import { testKeys } from '../encryption/test-keyring.ts'
import { dispatchEvents } from '../notifications/dispatch-events.ts'
import { createRetryDelays } from '../notifications/retry-delays.ts'
import { addPartner } from '../partners/add-partner.ts'
import { removePartner } from '../partners/remove-partner.ts'
import { pauseTokens } from '../pauses/pause.ts'
import { resumeTokens } from '../pauses/resume.ts'
import { consume, keyOf } from '../rate-limits/limiter.ts'
import { dayMs } from '../time/units.ts'
import { collectToken } from '../tokens/collect.ts'
import { issueToken } from '../tokens/issue.ts'
import { issueLimits } from '../tokens/limits.ts'
import { revokeTokens } from '../tokens/revoke.ts'
import { answerRequest } from './answer.ts'
import { changeConsent, consentOf } from './consent.ts'
import { endCampaign, endOverdueCampaigns } from './end.ts'
import { followCampaigns } from './follow.ts'
import { findCampaign, listReachedStores } from './progress.ts'
import { reachStores } from './reach-stores.ts'
import { remindOfCampaigns } from './remind.ts'
import { listRequests, openRequests } from './requests.ts'
import { startCampaign } from './start.ts'
import { partnerAtStores, valueIn } from './test-campaign.ts'

const { db, owner, appUrl } = prepareTestDatabase()
const here = { db, owner }
const keys = testKeys
const dispatching = {
  ...{ db, baseUrl: 'https://tokens.example', secret: 'only-for-the-tests-0123456789-0123456789' },
  retryDelays: createRetryDelays(),
  log: { error: (what: unknown) => expect.fail(JSON.stringify(what)) },
}
const dispatchAll = async () => {
  while ((await dispatchEvents(dispatching)) > 0);
}

beforeEach(async () => {
  await reachStores({ db, keys })
  await dispatchAll()
})

const states = (requests: { state: string }[]) => requests.map(({ state }) => state)

describe('a campaign', () => {
  test('asks the stores whose consent is needed, and gives the others a new token at once', async () => {
    const scene = await partnerAtStores(here, 4, { waived: [0, 1, 2, 3].slice(2) })
    const waived = scene.stores.map(({ store }) => store.consentWaivedAt !== null)
    const { campaignId } = await scene.campaign()
    const requests = await scene.requests(campaignId)
    expect(states(requests)).toEqual(waived.map((is) => (is ? 'waiting' : 'asked')))
    expect(await scene.live()).toEqual(waived.map((is) => (is ? 1 : 0)))
    for (const { state, tokenId, way } of requests) {
      expect([tokenId !== null, way]).toEqual(state === 'waiting' ? [true, 'at-once'] : [false, null])
    }
    const campaign = await findCampaign(scene.partner, await cutOffOf(campaignId), { db })
    expect(campaign).toMatchObject({ isOpen: true, counts: { stores: 4, asked: 2, waiting: 2, declined: 0 } })
    expect(campaign?.reachedAt).not.toBeNull()
    // The APIs are the access list's, and it lives for a year.
    const issued = requests.find(({ tokenId }) => tokenId)?.tokenId
    const { rows } = await owner.$client.query(
      `select expires_at - created_at > interval '364 days' as "isYear", predecessor_id as predecessor from tokens where id = $1`,
      [issued],
    )
    expect(rows).toEqual([{ isYear: true, predecessor: null }])
    // What is done once is not done again.
    expect(await reachStores({ db, keys })).toBe(0)
    expect(await scene.requests(campaignId)).toEqual(requests)
  })

  test('is for stores that lost live tokens by this cut-off: not for such whose tokens had ended before', async () => {
    const scene = await partnerAtStores(here, 3)
    const [first, second] = scene.stores
    if (!first || !second) throw new Error('no stores')
    const revocation = { extent: 'chosen', reason: 'exposed', note: undefined } as const
    valueIn(await revokeTokens(first.merchant, { tokenIds: [first.tokenId], ...revocation }, scene.use))
    valueIn(
      await cutOff(
        second.merchant,
        { otherId: scene.company.id, name: scene.company.name, reason: 'exposed' },
        scene.use,
      ),
    )
    const { campaignId } = await scene.campaign()
    expect((await scene.requests(campaignId)).map(({ storeId }) => storeId)).toEqual([
      scene.stores[2]?.store.id,
    ])
    // The books change nothing about it.
    await writeCutOffBooks({ db })
    const again = await partnerAtStores(here, 2)
    const { cutOffId } = await again.cut()
    await writeCutOffBooks({ db })
    const late = await again.start(cutOffId)
    await reachStores({ db, keys })
    expect(states(await again.requests(late))).toEqual(['asked', 'asked'])
  })

  test('is one for a cut-off, however often and by whomever it is started', async () => {
    const scene = await partnerAtStores(here, 2, { waived: [0, 1] })
    const { cutOffId } = await scene.cut()
    const ids = await Promise.all([1, 2, 3].map(() => scene.start(cutOffId)))
    expect(new Set(ids).size).toBe(1)
    await Promise.all([1, 2, 3].map(() => reachStores({ db, keys, atOnce: 1 })))
    await reachStores({ db, keys })
    expect(await scene.live()).toEqual([1, 1])
    expect(await auditsOf(scene.company.id, 'service.started')).toHaveLength(1)
  })

  test('is not for a cut-off by a store, nor of another partner, nor a month later', async () => {
    const scene = await partnerAtStores(here, 1)
    const other = await partnerAtStores(here, 1)
    const [only] = scene.stores
    if (!only) throw new Error('no store')
    const byStore = valueIn(
      await cutOff(only.merchant, { name: only.store.name, reason: 'exposed' }, scene.use),
    )
    const { cutOffId } = await other.cut()
    const start = (id: string) => startCampaign(scene.partner, { cutOffId: id }, scene.use)
    expect(await start(byStore.cutOffId)).toEqual({ ok: false, refusal: 'by-the-store' })
    expect(await start(cutOffId)).toEqual({ ok: false, refusal: 'not-found' })
    expect(await start(crypto.randomUUID())).toEqual({ ok: false, refusal: 'not-found' })
    const old = crypto.randomUUID()
    await owner.$client.query(
      `with made as (insert into cut_offs (id, store_id, partner_id, at, side, user_id, user_name, reason)
         values ($1, '', $2, now() - interval '31 days', 'partner', $3, 'Boss', 'exposed') returning id)
       insert into cut_off_books (cut_off_id) select id from made`,
      [old, scene.company.id, scene.partner.userId],
    )
    expect(await start(old)).toEqual({ ok: false, refusal: 'too-late' })
    expect(await startCampaign({ ...scene.partner, role: 'viewer' }, { cutOffId: old }, scene.use)).toEqual({
      ok: false,
      refusal: 'not-allowed',
    })
  })

  test('of a store that the platform has cut off concerns each of its partners, at this store alone', async () => {
    const scene = await partnerAtStores(here, 3)
    const chosen = scene.stores[1]
    if (!chosen) throw new Error('no store')
    const operator = await buildUser(owner, { isOperator: true })
    const made = valueIn(
      await cutOffByOperator(
        { userId: operator.id, userName: operator.name, operator: true },
        { of: 'store', id: chosen.store.id, name: chosen.store.name, reason: 'exposed' },
        scene.use,
      ),
    )
    const campaignId = await scene.start(made.cutOffId)
    await reachStores({ db, keys })
    expect((await scene.requests(campaignId)).map(({ storeId }) => storeId)).toEqual([chosen.store.id])
  })

  test("ends with a later cut-off of its partner, on record; another partner's goes on", async () => {
    const scene = await partnerAtStores(here, 3, { waived: [0, 1, 2] })
    const other = await partnerAtStores(here, 2, { waived: [0, 1] })
    const first = await scene.cut()
    const campaignId = await scene.start(first.cutOffId)
    await other.start((await other.cut()).cutOffId)
    const [reached] = scene.stores
    if (!reached) throw new Error('no store')
    // As if the worker had come to the first store, and was slow.
    valueIn(await issueToken(reached.merchant, { partnerId: scene.company.id }, scene.use))
    const operator = await buildUser(owner, { isOperator: true })
    const made = valueIn(
      await cutOffByOperator(
        { userId: operator.id, userName: operator.name, operator: true },
        { of: 'partner', id: scene.company.id, name: scene.company.name, reason: 'exposed' },
        scene.use,
      ),
    )
    await reachStores({ db, keys })
    expect(await scene.live()).toEqual([0, 0, 0])
    expect(await other.live()).toEqual([1, 1])
    // An operator's name is for nobody.
    expect(await findCampaign(scene.partner, first, { db })).toMatchObject({
      ...{ isOpen: false, endedAt: made.at, endedByName: null, reachedAt: null },
    })
    const { rows } = await owner.$client.query(
      `select user_name as name, side, details from audit_events where partner_id = $1 and action = 'service.ended'`,
      [scene.company.id],
    )
    const details = { by: 'operator', campaignId, cutOffId: made.cutOffId }
    expect(rows).toEqual([{ name: operator.name, side: null, details }])
    await dispatchAll()
    const notices = (await noticesOf(scene.partner.userId)).filter(({ kind }) => kind === 'service.ended')
    expect(notices).toMatchObject([{ details: { campaignId, stores: '0' } }])
  })

  test('asks where somebody has ended tokens again before the worker came, whatever was waived', async () => {
    const scene = await partnerAtStores(here, 4, { waived: [0, 1, 2, 3] })
    const campaignId = await scene.start((await scene.cut()).cutOffId)
    const [byHand, ofPair, ofStore] = scene.stores
    if (!byHand || !ofPair || !ofStore) throw new Error('no stores')
    const { id } = valueIn(await issueToken(byHand.merchant, { partnerId: scene.company.id }, scene.use))
    const revocation = { extent: 'chosen', reason: 'exposed', note: undefined } as const
    valueIn(await revokeTokens(byHand.merchant, { tokenIds: [id], ...revocation }, scene.use))
    // Nothing was issued there since, and yet these two mean something.
    const pair = { otherId: scene.company.id, name: scene.company.name, reason: 'exposed' } as const
    const cut = valueIn(await cutOff(ofPair.merchant, pair, scene.use))
    const store = { name: ofStore.store.name, reason: 'exposed' } as const
    valueIn(await cutOff(ofStore.merchant, store, scene.use))
    // Once more would say nothing new.
    expect(valueIn(await cutOff(ofPair.merchant, pair, scene.use)).cutOffId).toBe(cut.cutOffId)
    await reachStores({ db, keys })
    expect(states(await scene.requests(campaignId))).toEqual(['asked', 'asked', 'asked', 'waiting'])
    expect(await scene.live()).toEqual([0, 0, 0, 1])
    // The worker has come by: a further cut-off would end nothing.
    expect(valueIn(await cutOff(ofPair.merchant, pair, scene.use)).cutOffId).toBe(cut.cutOffId)
  })

  test('asks where the store had paused a token that the cut-off ended, whatever was waived', async () => {
    const scene = await partnerAtStores(here, 3, { waived: [0, 1, 2] })
    const [stopped, resumed] = scene.stores
    if (!stopped || !resumed) throw new Error('no stores')
    const pausing = {
      until: { lengthMs: 86_400_000 },
      endsAs: 'resumed',
      reason: 'exposed',
      note: null,
    } as const
    for (const { merchant, tokenId } of [stopped, resumed])
      valueIn(await pauseTokens(merchant, { tokenIds: [tokenId], ...pausing }, scene.use))
    valueIn(await resumeTokens(resumed.merchant, { tokenIds: [resumed.tokenId] }, scene.use))
    // The partner's own pause says nothing of the store.
    const own = scene.stores[2]?.tokenId ?? ''
    valueIn(await pauseTokens(scene.partner, { tokenIds: [own], ...pausing }, scene.use))
    const { campaignId } = await scene.campaign()
    expect(states(await scene.requests(campaignId))).toEqual(['asked', 'waiting', 'waiting'])
    expect(await scene.live()).toEqual([0, 1, 1])
  })

  test('that fails keeps no other one waiting', async () => {
    const broken = await partnerAtStores(here, 1, { waived: [0] })
    const other = await partnerAtStores(here, 1, { waived: [0] })
    const campaignId = await broken.start((await broken.cut()).cutOffId)
    await other.start((await other.cut()).cutOffId)
    const [store] = broken.stores
    await owner.$client.query(
      `create function refuse_token() returns trigger language plpgsql as $$ begin
         if new.store_id = '${store?.store.id}' then raise exception 'no room for this one'; end if; return new; end $$;
       create trigger refuse_token before insert on tokens for each row execute function refuse_token()`,
    )
    try {
      await expect(reachStores({ db, keys })).rejects.toMatchObject({
        message: expect.stringContaining(campaignId),
        cause: { cause: { message: 'no room for this one' } },
      })
    } finally {
      await owner.$client.query('drop trigger refuse_token on tokens; drop function refuse_token()')
    }
    expect([await broken.live(), await other.live()]).toEqual([[0], [1]])
    await reachStores({ db, keys })
    expect(await broken.live()).toEqual([1])
  })

  test('is not for a cut-off of one store that was applied again for somebody unknown', async () => {
    const scene = await partnerAtStores(here, 1)
    const lost = { partnerId: scene.company.id, at: new Date().toISOString(), reason: 'exposed' }
    const ofStore = { ...lost, cutOffId: crypto.randomUUID(), storeId: scene.stores[0]?.store.id ?? '' }
    const ofPartner = { ...lost, cutOffId: crypto.randomUUID(), storeId: '' }
    await reapplyCutOffs(
      owner,
      [ofStore, ofPartner].map((one) => ({ ...one, side: 'partner', userId: crypto.randomUUID() })),
    )
    const start = ({ cutOffId }: { cutOffId: string }) =>
      startCampaign(scene.partner, { cutOffId }, scene.use)
    expect(await start(ofStore)).toEqual({ ok: false, refusal: 'by-the-store' })
    expect(await start(ofPartner)).toMatchObject({ ok: true })
  })

  test('says of stores where none can be issued why, and goes on with the others', async () => {
    const scene = await partnerAtStores(here, 3, { waived: [0, 1, 2] })
    const [gone, poor] = scene.stores
    if (!gone || !poor) throw new Error('no stores')
    const { cutOffId } = await scene.cut()
    valueIn(await removePartner(gone.merchant, { partnerId: scene.company.id }, scene.use))
    await owner.$client.query(`update stores set package = 'starter' where id = $1`, [poor.store.id])
    const campaignId = await scene.start(cutOffId)
    await reachStores({ db, keys })
    expect((await scene.requests(campaignId)).map(({ state, skippedFor }) => [state, skippedFor])).toEqual([
      ['skipped', 'access-removed'],
      ['skipped', 'package-without-apis'],
      ['waiting', null],
    ])
    expect(await scene.live()).toEqual([0, 0, 1])
    // Added again it has a token, and the campaign knows.
    const apis: ['order'] = ['order']
    const { id } = valueIn(await addPartner(gone.merchant, { partnerId: scene.company.id, apis }, scene.use))
    expect((await scene.requests(campaignId))[0]).toMatchObject({
      state: 'waiting',
      tokenId: id,
      way: 'by-hand',
    })
  })

  test('names stores that have a token since, and makes no second one', async () => {
    const scene = await partnerAtStores(here, 3, { waived: [0] })
    const { cutOffId } = await scene.cut()
    const [first, second, third] = scene.stores
    if (!first || !second || !third) throw new Error('no stores')
    const issue = async ({ merchant }: typeof first) =>
      valueIn(await issueToken(merchant, { partnerId: scene.company.id }, scene.use)).id
    const before = await issue(first)
    valueIn(await collectToken(first.merchant, { tokenId: before }, scene.use))
    const used = await issue(second)
    await use(used)
    const campaignId = await scene.start(cutOffId)
    await reachStores({ db, keys })
    const after = await issue(third)
    expect(await scene.requests(campaignId)).toMatchObject([
      { state: 'collected', tokenId: before, way: 'by-hand' },
      { state: 'used', tokenId: used, way: 'by-hand' },
      { state: 'waiting', tokenId: after, way: 'by-hand', by: third.merchant.userName },
    ])
    expect(await scene.live()).toEqual([1, 1, 1])
  })

  test('counts what it issues like all that is issued for the store, and asks where that is used up', async () => {
    const scene = await partnerAtStores(here, 2, { waived: [0, 1] })
    const { points, windowMinutes } = issueLimits.party
    const [busy] = scene.stores
    if (!busy) throw new Error('no store')
    for (let n = 0; n < points; n++) await consume(db, issueLimits.party, keyOf('merchant', busy.store.id))
    const { campaignId } = await scene.campaign()
    expect(states(await scene.requests(campaignId))).toEqual(['asked', 'waiting'])
    // The other one's was counted, for as long as by hand.
    const { rows } = await owner.$client.query(
      'select points, expire > extract(epoch from now()) * 1000 + $2 as "isLong" from rate_limit_counters where key = $1',
      [`issues-of:${keyOf('merchant', scene.stores[1]?.store.id ?? '')}`, (windowMinutes - 1) * 60_000],
    )
    expect(rows).toEqual([{ points: 1, isLong: true }])
  })

  test('may be started six times a day', async () => {
    const scene = await partnerAtStores(here, 1)
    const [only] = scene.stores
    for (let n = 0; n < 6; n++) {
      const { cutOffId } = await scene.cut()
      await scene.start(cutOffId)
      await buildToken(owner, {
        storeId: only?.store.id ?? '',
        partnerId: scene.company.id,
        createdAt: new Date(),
      })
    }
    const { cutOffId } = await scene.cut()
    expect(await startCampaign(scene.partner, { cutOffId }, scene.use)).toMatchObject({
      ok: false,
      refusal: { kind: 'too-often' },
    })
  })

  test('loses nothing and makes nothing twice when the worker is killed at any moment', async () => {
    const scene = await partnerAtStores(here, 9, { waived: [0, 2, 4, 6, 8] })
    const { cutOffId } = await scene.cut()
    const campaignId = await scene.start(cutOffId)
    let killed = 0
    // Each time one statement more gets through, and then the connection is gone.
    for (let statements = 1; ; statements++) {
      const failed = await isBrokenOff(appUrl, statements, (worker) =>
        reachStores({ db: worker, keys, atOnce: 2 }),
      )
      if (!failed) break
      killed += 1
    }
    expect(killed).toBeGreaterThan(12)
    const requests = await scene.requests(campaignId)
    expect(requests).toHaveLength(9)
    const isWaived = scene.stores.map(({ store }) => store.consentWaivedAt !== null)
    expect(states(requests)).toEqual(isWaived.map((is) => (is ? 'waiting' : 'asked')))
    expect(await scene.live()).toEqual(isWaived.map((is) => (is ? 1 : 0)))
    const { rows } = await owner.$client.query(
      `select kind, count(*)::int from events where partner_id = $1 and kind like 'service.%' group by kind order by kind`,
      [scene.company.id],
    )
    expect(rows).toEqual([
      { kind: 'service.asked', count: 4 },
      { kind: 'service.issued', count: 5 },
      { kind: 'service.started', count: 1 },
    ])
    const { rows: audits } = await owner.$client.query(
      `select count(*)::int as count from audit_events where partner_id = $1 and action = 'token.issued' and details ? 'campaignId'`,
      [scene.company.id],
    )
    expect(audits).toEqual([{ count: 5 }])
  })
})

describe('a store', () => {
  test('issues in one step: once, however often it is clicked, also after it declined', async () => {
    const scene = await partnerAtStores(here, 2)
    const { campaignId } = await scene.campaign()
    const [request, other] = await scene.requests(campaignId)
    const [store, neighbour] = scene.stores
    if (!request || !other || !store || !neighbour) throw new Error('nothing asked')
    const answer = (what: 'issue' | 'decline', id = request.id) =>
      answerRequest(store.merchant, { requestId: id, answer: what }, scene.use)
    expect(await openRequests(store.merchant, { limit: 3 }, { db })).toMatchObject([
      { id: request.id, partnerName: scene.company.name, cutOffFrom: 'partner' },
    ])
    expect(valueIn(await answer('decline')).tokenId).toBeNull()
    expect(valueIn(await answer('decline')).tokenId).toBeNull()
    expect(await openRequests(store.merchant, { limit: 3 }, { db })).toEqual([])
    expect(await auditsOf(scene.company.id, 'service.declined')).toHaveLength(1)
    const twice = await Promise.all([answer('issue'), answer('issue')])
    const [one, two] = twice.map((result) => valueIn(result).tokenId)
    expect(one).toBe(two)
    expect(await scene.live()).toEqual([1, 0])
    expect(await answer('decline')).toEqual({ ok: false, refusal: 'answered-already' })
    // What was asked of another store is not there.
    expect(await answer('issue', other.id)).toEqual({ ok: false, refusal: 'not-found' })
    expect(
      await answerRequest(
        { ...store.merchant, role: 'viewer' },
        { requestId: request.id, answer: 'issue' },
        scene.use,
      ),
    ).toEqual({ ok: false, refusal: 'not-allowed' })
    expect((await listRequests(store.merchant, {}, { db })).rows).toMatchObject([
      { state: 'waiting', answeredByName: store.merchant.userName, handover: 'waiting' },
    ])
  })

  test('whose token was revoked since issues another one, and the campaign knows', async () => {
    const scene = await partnerAtStores(here, 1)
    const { campaignId } = await scene.campaign()
    const [request] = await scene.requests(campaignId)
    const [only] = scene.stores
    if (!request || !only) throw new Error('nothing asked')
    const issue = async () =>
      valueIn(await answerRequest(only.merchant, { requestId: request.id, answer: 'issue' }, scene.use))
        .tokenId as string
    const revoke = async (tokenId: string) => {
      const revocation = { extent: 'chosen', reason: 'exposed', note: undefined } as const
      valueIn(await revokeTokens(only.merchant, { tokenIds: [tokenId], ...revocation }, scene.use))
    }
    const first = await issue()
    await use(first)
    await followCampaigns({ db })
    await revoke(first)
    const second = await issue()
    expect(second).not.toBe(first)
    expect(await issue()).toBe(second)
    expect(await scene.live()).toEqual([1])
    expect(await scene.requests(campaignId)).toMatchObject([
      { state: 'waiting', tokenId: second, way: 'answer' },
    ])
    // One by hand counts as well.
    await revoke(second)
    const byHand = valueIn(await issueToken(only.merchant, { partnerId: scene.company.id }, scene.use)).id
    expect(await issue()).toBe(byHand)
    expect(await scene.requests(campaignId)).toMatchObject([
      { state: 'waiting', tokenId: byHand, way: 'by-hand' },
    ])
    await revoke(byHand)
    valueIn(await endCampaign(scene.partner, { campaignId }, scene.use))
    expect(await answerRequest(only.merchant, { requestId: request.id, answer: 'issue' }, scene.use)).toEqual(
      { ok: false, refusal: 'asked-no-longer' },
    )
  })

  test('that has issued by hand, or has removed the partner, or was asked by a campaign that ended, reads why', async () => {
    const scene = await partnerAtStores(here, 3)
    const { campaignId } = await scene.campaign()
    const requests = await scene.requests(campaignId)
    const answer = (n: number) => {
      const [store, request] = [scene.stores[n], requests[n]]
      if (!store || !request) throw new Error('nothing asked')
      return answerRequest(store.merchant, { requestId: request.id, answer: 'issue' }, scene.use)
    }
    const [first, second] = scene.stores
    if (!first || !second) throw new Error('no stores')
    const byHand = valueIn(await issueToken(first.merchant, { partnerId: scene.company.id }, scene.use))
    expect(valueIn(await answer(0)).tokenId).toBe(byHand.id)
    valueIn(await removePartner(second.merchant, { partnerId: scene.company.id }, scene.use))
    expect(await answer(1)).toEqual({ ok: false, refusal: 'access-removed' })
    expect((await scene.requests(campaignId))[1]).toMatchObject({
      state: 'skipped',
      skippedFor: 'access-removed',
    })
    valueIn(await endCampaign(scene.partner, { campaignId }, scene.use))
    expect(await answer(2)).toEqual({ ok: false, refusal: 'asked-no-longer' })
    expect(await scene.live()).toEqual([1, 0, 0])
    expect(await auditsOf(scene.company.id, 'service.ended')).toHaveLength(1)
  })

  test('waives its consent, or needs it again: owners only, on record, and for what comes', async () => {
    const scene = await partnerAtStores(here, 1)
    const [only] = scene.stores
    if (!only) throw new Error('no store')
    const change = (consent: 'needed' | 'not-needed', role: 'owner' | 'administrator' = 'owner') =>
      changeConsent({ ...only.merchant, role }, { consent }, scene.use)
    expect(await consentOf(only.merchant, { db })).toBe('needed')
    expect(await change('not-needed', 'administrator')).toEqual({ ok: false, refusal: 'not-allowed' })
    const { campaignId } = await scene.campaign()
    for (const consent of ['not-needed', 'not-needed', 'needed', 'not-needed'] as const)
      valueIn(await change(consent))
    expect(await consentOf(only.merchant, { db })).toBe('not-needed')
    const { rows } = await owner.$client.query(
      `select details->>'consent' as consent from audit_events where store_id = $1 and action = 'service.consent-changed' order by id`,
      [only.store.id],
    )
    expect(rows.map(({ consent }) => consent)).toEqual(['not-needed', 'needed', 'not-needed'])
    // What was asked before stays asked.
    expect(states(await scene.requests(campaignId))).toEqual(['asked'])
    expect(await reachStores({ db, keys })).toBe(0)
  })
})

describe('the way of the new tokens', () => {
  test('shows store by store: asked, declined, waiting, collected, in use', async () => {
    const scene = await partnerAtStores(here, 5, { waived: [0, 1, 2, 3, 4] })
    const { campaignId, cutOffId } = await scene.campaign()
    const tokenIds = (await scene.requests(campaignId)).map(({ tokenId }) => tokenId as string)
    for (const tokenId of tokenIds.slice(0, 3))
      valueIn(await collectToken(scene.partner, { tokenId }, scene.use))
    for (const tokenId of [tokenIds[0], tokenIds[4]]) await use(tokenId as string)
    await followCampaigns({ db })
    expect(states(await scene.requests(campaignId))).toEqual([
      'used',
      'collected',
      'collected',
      'waiting',
      'used',
    ])
    const campaign = await findCampaign(scene.partner, { cutOffId }, { db })
    expect(campaign?.counts).toMatchObject({ stores: 5, waiting: 1, collected: 2, used: 2 })
    if (!campaign) throw new Error('no campaign')
    const collected = await listReachedStores(campaign, { state: 'collected' }, { db })
    expect(collected.rows.map(({ storeId }) => storeId)).toEqual(
      scene.stores.slice(1, 3).map(({ store }) => store.id),
    )
    // Revoked again, it says so.
    valueIn(
      await revokeTokens(
        scene.partner,
        { tokenIds: [tokenIds[1] as string], extent: 'chosen', reason: 'exposed', note: undefined },
        scene.use,
      ),
    )
    const all = await listReachedStores(campaign, {}, { db })
    expect(all.rows.map(({ isRevoked }) => isRevoked)).toEqual([false, true, false, false, false])
    // Of another partner there is no such campaign.
    const other = await partnerAtStores(here, 0)
    expect(await findCampaign(other.partner, { cutOffId }, { db })).toBeNull()
    expect(await endCampaign(other.partner, { campaignId }, other.use)).toEqual({
      ok: false,
      refusal: 'not-found',
    })
  })

  test('pages by key, forwards and back', async () => {
    const scene = await partnerAtStores(here, 53)
    const { cutOffId } = await scene.campaign()
    const campaign = await findCampaign(scene.partner, { cutOffId }, { db })
    if (!campaign) throw new Error('no campaign')
    const first = await listReachedStores(campaign, { state: 'asked' }, { db })
    expect([first.rows.length, first.previous]).toEqual([50, null])
    const second = await listReachedStores(campaign, { state: 'asked', after: first.next ?? '' }, { db })
    expect([second.rows.length, second.next]).toEqual([3, null])
    expect([...first.rows, ...second.rows].map(({ storeId }) => storeId)).toEqual(
      scene.stores.map(({ store }) => store.id),
    )
    const back = await listReachedStores(campaign, { state: 'asked', before: second.previous ?? '' }, { db })
    expect(back.rows.map(({ id }) => id)).toEqual(first.rows.map(({ id }) => id))
  })
})

describe('whoever is concerned', () => {
  test('is notified once: a store of what it is asked or has, the partner of all its stores together', async () => {
    const scene = await partnerAtStores(here, 3, { waived: [2] })
    const { campaignId, cutOffId } = await scene.campaign()
    await writeCutOffBooks({ db })
    await dispatchAll()
    expect(
      (await noticesOf(scene.partner.userId)).filter(({ kind }) => kind.startsWith('service.')),
    ).toMatchObject([
      {
        kind: 'service.started',
        details: { campaignId, stores: '3', asked: '2', issued: '1', waiting: '1' },
      },
    ])
    for (const { merchant, store } of scene.stores) {
      const notices = (await noticesOf(merchant.userId)).filter(({ kind }) => kind !== 'tokens.cut_off')
      const kind = store.consentWaivedAt ? 'service.issued' : 'service.asked'
      expect(notices).toMatchObject([{ kind, details: { cutOffId } }])
      const { rows } = await owner.$client.query(
        'select subject, body from mails where user_id = $1 order by id desc',
        [merchant.userId],
      )
      const mail = rows.find(({ subject }) => /new token/.test(subject))
      expect(mail.body).toContain(
        store.consentWaivedAt
          ? `${store.id}/real-time-links/api-settings/`
          : `${store.id}/real-time-links/api-settings/requests`,
      )
    }
  })

  test('is reminded after one day and after three, and then no more', async () => {
    const scene = await partnerAtStores(here, 2, { waived: [0] })
    const { campaignId } = await scene.campaign()
    const { rows: clock } = await owner.$client.query<{ now: Date }>('select now() as now')
    const began = clock[0]?.now.getTime() ?? 0
    const remindAfter = (days: number) => remindOfCampaigns({ db, now: new Date(began + days * dayMs) })
    const reminders = async () => {
      const { rows } = await owner.$client.query(
        `select kind, details->>'reminder' as days, details->>'waiting' as waiting from events
         where details->>'campaignId' = $1 and details ? 'reminder' order by id`,
        [campaignId],
      )
      return rows
    }
    await remindAfter(0.9)
    expect(await reminders()).toEqual([])
    for (const days of [1.1, 1.2, 2.5]) await remindAfter(days)
    const first = [
      { kind: 'service.asked', days: '1', waiting: null },
      { kind: 'service.waiting', days: '1', waiting: '1' },
    ]
    expect(await reminders()).toEqual(first)
    for (const days of [3.1, 4, 5.9, 8, 20]) await remindAfter(days)
    expect(await reminders()).toEqual([...first, ...first.map((one) => ({ ...one, days: '3' }))])
  })

  test('is reminded no more of what was answered, collected or ended', async () => {
    const scene = await partnerAtStores(here, 3, { waived: [0] })
    const { campaignId } = await scene.campaign()
    const requests = await scene.requests(campaignId)
    for (const [n, { id, tokenId, state }] of requests.entries()) {
      const store = scene.stores[n]
      if (!store) throw new Error('no store')
      if (tokenId) valueIn(await collectToken(scene.partner, { tokenId }, scene.use))
      else valueIn(await answerRequest(store.merchant, { requestId: id, answer: 'decline' }, scene.use))
      expect(['asked', 'waiting']).toContain(state)
    }
    const { rows } = await owner.$client.query<{ count: number }>('select count(*)::int as count from events')
    await remindOfCampaigns({ db, now: new Date(Date.now() + 1.5 * dayMs) })
    const { rows: ofIt } = await owner.$client.query(
      `select from events where details->>'campaignId' = $1 and details ? 'reminder'`,
      [campaignId],
    )
    expect([ofIt.length, rows.length]).toEqual([0, 1])
  })

  test('learns that it has ended: by time after 30 days, once, with what came of it', async () => {
    const scene = await partnerAtStores(here, 2, { waived: [0] })
    const { campaignId, cutOffId } = await scene.campaign()
    const later = new Date(Date.now() + 30.1 * dayMs)
    expect(await endOverdueCampaigns({ db, now: new Date(Date.now() + 29 * dayMs) })).toBe(0)
    await endOverdueCampaigns({ db, now: later })
    await endOverdueCampaigns({ db, now: later })
    await dispatchAll()
    const ended = (await noticesOf(scene.partner.userId)).filter(({ kind }) => kind === 'service.ended')
    expect(ended).toMatchObject([{ details: { stores: '2', asked: '1', issued: '1' } }])
    expect(await findCampaign(scene.partner, { cutOffId }, { db })).toMatchObject({
      isOpen: false,
      endedByName: null,
    })
    // Ended by the partner: the worker goes no further.
    const other = await partnerAtStores(here, 2)
    const cut = await other.cut()
    const id = await other.start(cut.cutOffId)
    valueIn(await endCampaign(other.partner, { campaignId: id }, other.use))
    valueIn(await endCampaign(other.partner, { campaignId: id }, other.use))
    await reachStores({ db, keys })
    expect(await other.requests(id)).toEqual([])
    expect(await auditsOf(other.company.id, 'service.ended')).toHaveLength(1)
    expect(campaignId).not.toBe(id)
  })
})

test('a campaign that cannot be ended when its time is over holds up no other', async () => {
  const [broken, other] = [await partnerAtStores(here, 1), await partnerAtStores(here, 1)]
  const [campaignId, ofOther] = [
    await broken.start((await broken.cut()).cutOffId),
    await other.start((await other.cut()).cutOffId),
  ]
  await owner.$client.query(
    `create function refuse_this() returns trigger language plpgsql as $$ begin
       if new.partner_id = '${broken.company.id}' then raise exception 'not this one'; end if; return new; end $$;
     create trigger refuse_this before insert on events for each row execute function refuse_this()`,
  )
  const ended = async () => {
    const { rows } = await owner.$client.query<{ id: string }>(
      'select id from campaigns where ended_at is not null and id = any($1)',
      [[campaignId, ofOther]],
    )
    return rows.map(({ id }) => id)
  }
  const now = new Date(Date.now() + 30.1 * dayMs)
  try {
    await expect(endOverdueCampaigns({ db, now })).rejects.toThrow(campaignId)
  } finally {
    await owner.$client.query('drop trigger refuse_this on events; drop function refuse_this()')
  }
  expect(await ended()).toEqual([ofOther])
  expect(await endOverdueCampaigns({ db, now })).toBe(1)
})

test('a campaign goes on though who started it works for the partner no longer', async () => {
  const scene = await partnerAtStores(here, 2, { waived: [0, 1] })
  const { cutOffId } = await scene.cut()
  const campaignId = await scene.start(cutOffId)
  await owner.$client.query('delete from partner_members where user_id = $1', [scene.partner.userId])
  await reachStores({ db, keys })
  expect(states(await scene.requests(campaignId))).toEqual(['waiting', 'waiting'])
  // They themselves end nothing any more.
  expect(await endCampaign(scene.partner, { campaignId }, scene.use)).toEqual({
    ok: false,
    refusal: 'not-found',
  })
})

test.each(['by hand', 'by a later cut-off'])(
  'who ended a campaign %s is kept with it as they were: name, address and role',
  async (how) => {
    const scene = await partnerAtStores(here, 1, { waived: [0] })
    const { campaignId, cutOffId } = await scene.campaign()
    const { userId } = scene.partner
    const { rows } = await owner.$client.query('select name, email from users where id = $1', [userId])
    if (how === 'by hand') valueIn(await endCampaign(scene.partner, { campaignId }, scene.use))
    else await scene.cut()
    await owner.$client.query(
      `update users set name = 'Another', email = id || '@elsewhere.example' where id = $1`,
      [userId],
    )
    await owner.$client.query(`update partner_members set role = 'viewer' where user_id = $1`, [userId])
    expect(await findCampaign(scene.partner, { cutOffId }, { db })).toMatchObject({
      ...{ isOpen: false, endedByName: rows[0].name, endedByEmail: rows[0].email, endedByRole: 'owner' },
    })
    const { rows: kept } = await owner.$client.query(
      'select ended_by_email as email, ended_by_role as role from campaigns where id = $1',
      [campaignId],
    )
    expect(kept).toEqual([{ email: rows[0].email, role: 'owner' }])
  },
)

test('of two campaigns of a partner the later one asks, and what the first has asked is answered no more', async () => {
  const scene = await partnerAtStores(here, 2)
  const first = await scene.campaign()
  const [asked] = await scene.requests(first.campaignId)
  const [store] = scene.stores
  if (!asked || !store) throw new Error('nothing asked')
  // As a web server of the version before issues: nobody settles the request.
  await buildToken(owner, {
    storeId: store.store.id,
    partnerId: scene.company.id,
    createdAt: new Date(first.at.getTime() + 5),
  })
  const second = await scene.campaign()
  expect(await scene.requests(second.campaignId)).toMatchObject([{ storeId: store.store.id, state: 'asked' }])
  expect((await scene.requests(first.campaignId)).map(({ skippedFor }) => skippedFor)).toEqual([
    'asked-again',
    null,
  ])
  const user = await buildUser(owner)
  await addStoreMember(owner, { store: store.store, user, role: 'administrator' })
  expect(await answerRequest(store.merchant, { requestId: asked.id, answer: 'issue' }, scene.use)).toEqual({
    ok: false,
    refusal: 'asked-no-longer',
  })
  expect((await openRequests(store.merchant, { limit: 3 }, { db })).length).toBe(1)
})

async function use(tokenId: string) {
  await writeUsageBatch(db, {
    ...{
      writerId: crypto.randomUUID(),
      number: 1,
      tokenIds: [tokenId],
      hours: [],
      addresses: [],
      attempts: [],
      whilePaused: [],
    },
    uses: [{ tokenId, at: new Date(), api: 'order', address: null, client: null }],
  })
}

async function cutOffOf(campaignId: string): Promise<{ cutOffId: string }> {
  const { rows } = await owner.$client.query('select cut_off_id as "cutOffId" from campaigns where id = $1', [
    campaignId,
  ])
  return rows[0]
}

async function auditsOf(partnerId: string, action: string) {
  const { rows } = await owner.$client.query(
    'select details from audit_events where partner_id = $1 and action = $2',
    [partnerId, action],
  )
  return rows
}

async function noticesOf(userId: string) {
  const { rows } = await owner.$client.query<{ kind: string; details: Record<string, string> }>(
    'select kind, details from notices where user_id = $1 order by id',
    [userId],
  )
  return rows
}
