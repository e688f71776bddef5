import { expect, test } from 'vitest'
import { untilBlocked } from '#tools/test-databases/blocked-queries.ts'
import { holding } from '#tools/test-databases/holding.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { testKeys } from '../encryption/test-keyring.ts'
import { removePartner } from '../partners/remove-partner.ts'
import { issueToken } from '../tokens/issue.ts'
import { answerRequest } from './answer.ts'
import { changeConsent } from './consent.ts'
import { endCampaign } from './end.ts'
import { findCampaign } from './progress.ts'
import { reachStores } from './reach-stores.ts'
import { partnerAtStores, valueIn } from './test-campaign.ts'

const { db, owner } = prepareTestDatabase()
const here = { db, owner }
const reach = () => reachStores({ db, keys: testKeys })

const holdingPair = (storeId: string, partnerId: string) =>
  holding(owner, 'select from partner_access where store_id = $1 and partner_id = $2 for update', [
    storeId,
    partnerId,
  ])

async function oneStore(options?: { waived: number[] }) {
  const scene = await partnerAtStores(here, 1, options)
  const [only] = scene.stores
  if (!only) throw new Error('no store')
  return { ...scene, ...only, partnerId: scene.company.id }
}

test('a cut-off waits for the step of the worker that began before it: what that issued is dead', async () => {
  const scene = await oneStore({ waived: [0] })
  const campaignId = await scene.start((await scene.cut()).cutOffId)
  const giveBack = await holdingPair(scene.store.id, scene.partnerId)
  const reaching = reach()
  await untilBlocked(owner)
  const cutting = scene.cut()
  await untilBlocked(owner, 2)
  await giveBack()
  await reaching
  const { cutOffId } = await cutting
  expect(await scene.live()).toEqual([0])
  expect(await scene.requests(campaignId)).toMatchObject([{ state: 'waiting' }])
  // The next campaign is about what that cut-off ended.
  const next = await scene.start(cutOffId)
  await reach()
  expect(await scene.requests(next)).toMatchObject([{ state: 'waiting', way: 'at-once' }])
  expect(await scene.live()).toEqual([1])
})

test('the worker waits for a cut-off that is not committed, and then issues nothing', async () => {
  const scene = await oneStore({ waived: [0] })
  const campaignId = await scene.start((await scene.cut()).cutOffId)
  // A token by hand that the second cut-off ends: without it there would be nothing to end.
  valueIn(await issueToken(scene.merchant, { partnerId: scene.partnerId }, scene.use))
  // The cut-off stands before its row then, with its lock in hand.
  const giveBack = await holding(owner, 'lock table cut_offs in share mode')
  const cutting = scene.cut()
  await untilBlocked(owner)
  const reaching = reach()
  await untilBlocked(owner, 2)
  await giveBack()
  const { cutOffId, at } = await cutting
  await reaching
  expect(await scene.live()).toEqual([0])
  expect(await scene.requests(campaignId)).toEqual([])
  expect(await findCampaign(scene.partner, { cutOffId: await cutOffOf(campaignId) }, { db })).toMatchObject({
    isOpen: false,
    endedAt: at,
  })
  // Somebody has to start the next one.
  await scene.start(cutOffId)
  await reach()
  expect(await scene.live()).toEqual([1])
})

const cutOffOf = async (campaignId: string) => {
  const { rows } = await owner.$client.query('select cut_off_id as id from campaigns where id = $1', [
    campaignId,
  ])
  return rows[0].id as string
}

test.each(['the merchant', 'the worker'])(
  'of a token by hand and one by the campaign at once there is one: %s comes first',
  async (first) => {
    const scene = await oneStore({ waived: [0] })
    const campaignId = await scene.start((await scene.cut()).cutOffId)
    const giveBack = await holdingPair(scene.store.id, scene.partnerId)
    const byHand = () => issueToken(scene.merchant, { partnerId: scene.partnerId }, scene.use)
    const begun: Promise<unknown>[] = []
    for (const [n, work] of (first === 'the worker' ? [reach, byHand] : [byHand, reach]).entries()) {
      begun.push(work())
      await untilBlocked(owner, n + 1)
    }
    await giveBack()
    const [one, two] = await Promise.all(begun)
    expect(await scene.live()).toEqual([1])
    expect(await scene.requests(campaignId)).toMatchObject([
      { state: 'waiting', way: first === 'the worker' ? 'at-once' : 'by-hand' },
    ])
    if (first === 'the worker') expect([one, two]).toMatchObject([1, { refusal: 'has-live-token' }])
  },
)

test('a partner that is removed as the campaign comes to the store has no token there', async () => {
  const scene = await oneStore({ waived: [0] })
  const campaignId = await scene.start((await scene.cut()).cutOffId)
  const giveBack = await holdingPair(scene.store.id, scene.partnerId)
  const removing = removePartner(scene.merchant, { partnerId: scene.partnerId }, scene.use)
  await untilBlocked(owner)
  const reaching = reach()
  await untilBlocked(owner, 2)
  await giveBack()
  valueIn(await removing)
  await reaching
  expect(await scene.live()).toEqual([0])
  expect(await scene.requests(campaignId)).toMatchObject([{ state: 'skipped', skippedFor: 'access-removed' }])
})

test('a store that withdraws its waiver as the campaign comes to it is asked', async () => {
  const scene = await oneStore({ waived: [0] })
  const campaignId = await scene.start((await scene.cut()).cutOffId)
  const giveBack = await holding(owner, 'select from stores where id = $1 for update', [scene.store.id])
  const changing = changeConsent(scene.merchant, { consent: 'needed' }, scene.use)
  await untilBlocked(owner)
  const reaching = reach()
  await untilBlocked(owner, 2)
  await giveBack()
  valueIn(await changing)
  await reaching
  expect(await scene.requests(campaignId)).toMatchObject([{ state: 'asked' }])
  expect(await scene.live()).toEqual([0])
})

test('two people of a store answer at once: there is one token, or it was declined before and is issued', async () => {
  const scene = await oneStore()
  const { campaignId } = await scene.campaign()
  const [request] = await scene.requests(campaignId)
  if (!request) throw new Error('nothing asked')
  const answer = (what: 'issue' | 'decline') =>
    answerRequest(scene.merchant, { requestId: request.id, answer: what }, scene.use)
  const giveBack = await holdingPair(scene.store.id, scene.partnerId)
  const answers = [answer('issue')]
  await untilBlocked(owner)
  answers.push(answer('decline'), answer('issue'))
  await untilBlocked(owner, 3)
  await giveBack()
  const [one, declined, two] = await Promise.all(answers)
  expect(declined).toEqual({ ok: false, refusal: 'answered-already' })
  expect(one).toEqual(two)
  expect(await scene.live()).toEqual([1])
})

test('who ends a campaign waits for the step under way, and there is no next one', async () => {
  const scene = await partnerAtStores(here, 3, { waived: [0, 1, 2] })
  const campaignId = await scene.start((await scene.cut()).cutOffId)
  const giveBack = await holdingPair(scene.stores[0]?.store.id ?? '', scene.company.id)
  const reaching = reachStores({ db, keys: testKeys, atOnce: 1 })
  await untilBlocked(owner)
  const ending = endCampaign(scene.partner, { campaignId }, scene.use)
  await untilBlocked(owner, 2)
  await giveBack()
  valueIn(await ending)
  await reaching
  const requests = await scene.requests(campaignId)
  expect(requests.length).toBeGreaterThan(0)
  expect(await scene.live()).toEqual([0, 1, 2].map((n) => (n < requests.length ? 1 : 0)))
})
