import { v7 as uuidv7 } from 'uuid'
import type { Queryable } from '#db/client.ts'
import { currentTime } from '#db/queries/current-time.ts'
import { countPoints } from '#db/queries/rate-limit-counters.ts'
import {
  type CampaignRow,
  countRequests,
  insertRequests,
  lockAccessOfStores,
  lockUnreachedCampaign,
  type NewRequest,
  notePlace,
  readEndedOrPaused,
  readLiveTokensOf,
  readNextStores,
} from '#db/queries/tokens/campaigns.ts'
import { findCutOff, lockIssuing, timeOfIssue } from '#db/queries/tokens/cut-offs.ts'
import { insertTokens } from '#db/queries/tokens/tokens.ts'
import { recordAudit } from '../audit/record.ts'
import { type AnnouncedEvent, announce } from '../events/announce.ts'
import type { Database } from '../process/database.ts'
import { eachByItself, type Failing } from '../process/each-by-itself.ts'
import type { Keyring } from '../process/keyring.ts'
import { keyOf } from '../rate-limits/limiter.ts'
import { keepForCollection } from '../tokens/keep-for-collection.ts'
import { issueLimits } from '../tokens/limits.ts'
import { addYears, defaultLifetimeYears } from '../tokens/model/lifetime.ts'
import { mintToken } from '../tokens/model/mint.ts'
import { hasApis } from '../tokens/model/policy.ts'
import { countsOf } from './counts.ts'
import { saidCounts } from './end.ts'
import { storesAtOnce } from './limits.ts'

/**
 * Goes through the stores of campaigns that were started: issues a new token where the store has waived its consent, and asks where
 * it has not. Where there is one already, or none can be issued, that is noted. Each step is one transaction with the place that
 * it came to: killed at any point, nothing is lost or made twice. Any number of processes share the campaigns. One that fails
 * keeps nobody else's waiting: it is left for the next time.
 * @returns how many stores were reached.
 * @throws when the others are done: which campaign failed, the first of them, and with what.
 */
export function reachStores({
  db,
  keys,
  signal,
  atOnce = storesAtOnce,
}: {
  db: Database
  keys: Keyring
  signal?: AbortSignal
  atOnce?: number
}): Promise<number> {
  const what = (campaignId: string) => `stores of the campaign ${campaignId} could not be reached`
  return eachByItself(db, { what, signal }, (tx, failing) => reachNext(tx, { keys, atOnce, ...failing }))
}

type StepTools = Failing & { keys: Keyring; atOnce: number }

/** Null where nothing is left to do, or others have it in hand. */
async function reachNext(
  tx: Queryable,
  { keys, atOnce, besides, onFound }: StepTools,
): Promise<number | null> {
  // Before all else, as everybody who issues: a cut-off comes wholly before this step, or wholly after it.
  await lockIssuing(tx)
  const campaign = await lockUnreachedCampaign(tx, { besides })
  if (!campaign) return null
  onFound(campaign.id)
  const { id, partnerId } = campaign
  const { storeIds, lastStoreId, isEnd } = await readNextStores(tx, campaign, atOnce)
  const now = await timeOfIssue(tx)
  if (storeIds.length > 0) {
    const requests = await requestsOf(tx, campaign, storeIds)
    const toIssue = requests.filter(({ way, tokenId }) => way === 'at-once' && tokenId)
    await issueAtOnce(tx, campaign, toIssue, { now, keys })
    await insertRequests(tx, { id, partnerId, askedAt: now }, requests)
    await announce(tx, await eventsOf(tx, campaign, requests, now))
  }
  const reachedAt = isEnd ? await currentTime(tx) : null
  await notePlace(tx, id, { lastStoreId, reachedAt })
  if (reachedAt) await announceReached(tx, campaign, reachedAt)
  return storeIds.length
}

/** What is to be done at each of these stores, under the locks of their access lists. */
async function requestsOf(tx: Queryable, campaign: CampaignRow, storeIds: string[]): Promise<NewRequest[]> {
  const { partnerId } = campaign
  const listed = await lockAccessOfStores(tx, partnerId, storeIds)
  const live = new Map(
    (await readLiveTokensOf(tx, partnerId, storeIds)).map((token) => [token.storeId, token]),
  )
  // Who ended tokens there since, or had paused one, meant it: a person has to consent, whatever was waived.
  const stopped = await readEndedOrPaused(tx, campaign, storeIds)
  const open = listed.filter(
    ({ storeId, isRemoved, isWaived, package: bought }) =>
      !isRemoved && hasApis(bought) && !live.has(storeId) && isWaived && !stopped.has(storeId),
  )
  // What a campaign issues counts like all that is issued for the store; where that is used up, the store is asked.
  const usedUp = await countPoints(
    tx,
    issueLimits.party,
    open.map(({ storeId }) => ({ id: storeId, key: keyOf('merchant', storeId) })),
  )
  const atOnce = new Set(open.map(({ storeId }) => storeId).filter((storeId) => !usedUp.has(storeId)))
  return listed.map((store): NewRequest => {
    const { storeId } = store
    const request = { id: uuidv7(), storeId, skippedFor: null, tokenId: null, way: null }
    const token = live.get(storeId)
    if (token) return { ...request, state: token.state, tokenId: token.tokenId, way: 'by-hand' }
    if (store.isRemoved) return { ...request, state: 'skipped', skippedFor: 'access-removed' }
    if (!hasApis(store.package)) return { ...request, state: 'skipped', skippedFor: 'package-without-apis' }
    if (!atOnce.has(storeId)) return { ...request, state: 'asked' }
    return { ...request, state: 'waiting', tokenId: uuidv7(), way: 'at-once' }
  })
}

const by = ({ userId, userName, userRole }: CampaignRow) => ({
  ...{ side: 'partner' as const, userId, userName },
  ...(userRole && { role: userRole }),
})

async function issueAtOnce(
  tx: Queryable,
  campaign: CampaignRow,
  requests: NewRequest[],
  { now, keys }: { now: Date; keys: Keyring },
) {
  if (requests.length === 0) return
  const { id: campaignId, partnerId } = campaign
  const expiresAt = addYears(now, defaultLifetimeYears)
  const minted = requests.map(({ tokenId, storeId }) => ({
    tokenId: tokenId as string,
    storeId,
    ...mintToken(),
  }))
  await insertTokens(
    tx,
    minted.map(({ tokenId: id, text: _, ...kept }) => ({
      id,
      ...kept,
      partnerId,
      createdAt: now,
      expiresAt,
    })),
  )
  await keepForCollection(tx, minted, { now, keys })
  await recordAudit(
    tx,
    minted.map(({ tokenId, storeId }) => ({
      ...{ action: 'token.issued', occurredAt: now, by: by(campaign), storeId, partnerId, tokenId },
      details: { campaignId },
    })),
  )
}

/** Of each store that has to know: it is asked, or has a new token by its own setting. */
async function eventsOf(
  tx: Queryable,
  campaign: CampaignRow,
  requests: NewRequest[],
  occurredAt: Date,
): Promise<AnnouncedEvent[]> {
  const { id: campaignId, partnerId, cutOffId } = campaign
  const cutOff = await findCutOff(tx, cutOffId)
  const details = {
    campaignId,
    cutOffId,
    ...(cutOff && { cutOffAt: cutOff.at.toISOString(), cutOffBy: cutOff.side }),
  }
  return requests.flatMap(({ id, storeId, state, tokenId, way }): AnnouncedEvent[] => {
    const about = { occurredAt, by: by(campaign), storeId, partnerId }
    if (state === 'asked') {
      const onceKey = `service.asked:${id}`
      return [{ kind: 'service.asked', ...about, details: { ...details, requestId: id }, onceKey }]
    }
    return way === 'at-once'
      ? [{ kind: 'service.issued', ...about, tokenId, details: { ...details, way } }]
      : []
  })
}

/** To the partner, once: how many stores were asked, and how many have new tokens already. */
async function announceReached(tx: Queryable, campaign: CampaignRow, occurredAt: Date) {
  const { id: campaignId, partnerId, cutOffId } = campaign
  const counts = countsOf((await countRequests(tx, [campaignId])).get(campaignId))
  await announce(tx, [
    {
      ...{ kind: 'service.started', occurredAt, storeId: '', partnerId, by: by(campaign) },
      details: { campaignId, cutOffId, ...saidCounts(counts) },
      onceKey: `service.started:${campaignId}`,
    },
  ])
}
