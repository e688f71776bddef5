import type { Queryable } from '#db/client.ts'
import { currentTime } from '#db/queries/current-time.ts'
import {
  type CampaignRow,
  countRequests,
  type EndedBy,
  endOpenCampaigns,
  lockCampaign,
  lockOverdueCampaign,
  markEnded,
} from '#db/queries/tokens/campaigns.ts'
import type { PartnerActor } from '../access/actors.ts'
import { changing } from '../access/changing.ts'
import { asChanger } from '../access/rights.ts'
import { type AuditEvent, recordAudit } from '../audit/record.ts'
import { announce } from '../events/announce.ts'
import type { Database } from '../process/database.ts'
import { eachByItself } from '../process/each-by-itself.ts'
import { found, ok, type Result } from '../result.ts'
import { countsOf } from './counts.ts'

export type EndRefusal = 'not-allowed' | 'signed-out' | 'not-found'

/**
 * Ends a campaign: stores that have not answered are asked no longer, and those that the worker has not come to are not. What was
 * issued stays. It cannot be started again. Ended twice, it was ended once.
 */
export async function endCampaign(
  actor: PartnerActor,
  { campaignId }: { campaignId: string },
  { db, address }: { db: Database; address: string | null },
): Promise<Result<null, EndRefusal>> {
  return changing(asChanger(actor), db, {
    lock: async (tx) => found(await lockCampaign(tx, actor, campaignId)),
    change: async (tx, campaign) => {
      await endLocked(tx, actor, campaign, address)
      return ok(null)
    },
  })
}

/** The same for whoever ends more in their transaction, as one who may change tokens. Not there, it is ended. */
export async function endCampaignIn(
  tx: Queryable,
  actor: PartnerActor,
  { campaignId, address }: { campaignId: string; address: string | null },
): Promise<void> {
  const campaign = await lockCampaign(tx, actor, campaignId)
  if (campaign) await endLocked(tx, actor, campaign, address)
}

async function endLocked(tx: Queryable, actor: PartnerActor, campaign: CampaignRow, address: string | null) {
  const at = await currentTime(tx)
  if (campaign.endedAt || campaign.endsAt <= at) return
  const { id: campaignId, partnerId } = campaign
  await markEnded(tx, campaignId, { at, person: actor })
  await recordAudit(tx, [
    { action: 'service.ended', occurredAt: at, by: actor, partnerId, address, details: { campaignId } },
  ])
  await announceEnd(tx, campaign, { at, by: actor })
}

/**
 * The partner was cut off at all its stores: whatever goes on after an earlier cut-off issues no more. In that cut-off's
 * transaction, which waits for the step of the worker that is under way.
 * @param by null for an operator, whose name is for nobody.
 */
export async function endCampaignsOf(
  tx: Queryable,
  { partnerId }: { partnerId: string },
  { at, by, cutOffId, audit }: { at: Date; by: EndedBy; cutOffId: string; audit: EndAudit },
) {
  const ended = await endOpenCampaigns(tx, { partnerId }, { at, person: by })
  for (const campaign of ended) {
    const details = { ...audit.details, campaignId: campaign.id, cutOffId }
    await recordAudit(tx, [{ action: 'service.ended', occurredAt: at, partnerId, ...audit, details }])
    await announceEnd(tx, campaign, { at, by: null })
  }
}

type EndAudit = Pick<AuditEvent, 'by' | 'address'> & { details?: Record<string, string> }

/**
 * A job: ends the campaigns whose time is over, each in a transaction of its own: one that fails holds up no other. @returns how many.
 * @throws when the others are done: which one failed, and with what.
 */
export async function endOverdueCampaigns({ db, now }: { db: Database; now?: Date }): Promise<number> {
  const what = (campaignId: string) => `the campaign ${campaignId}, whose time is over, could not be ended`
  return eachByItself(db, { what }, async (tx, { besides, onFound }) => {
    const at = now ?? (await currentTime(tx))
    const campaign = await lockOverdueCampaign(tx, at, { besides })
    if (!campaign) return null
    onFound(campaign.id)
    await markEnded(tx, campaign.id, { at: campaign.endsAt, person: null })
    await announceEnd(tx, campaign, { at: campaign.endsAt, by: null })
    return 1
  })
}

async function announceEnd(
  tx: Queryable,
  { id, cutOffId, partnerId }: CampaignRow,
  { at, by }: { at: Date; by: PartnerActor | null },
) {
  const counts = countsOf((await countRequests(tx, [id])).get(id))
  await announce(tx, [
    {
      ...{
        kind: 'service.ended',
        occurredAt: at,
        storeId: '',
        partnerId,
        by,
        onceKey: `service.ended:${id}`,
      },
      details: { campaignId: id, cutOffId, ...saidCounts(counts) },
    },
  ])
}

/** As the details of an event have them. */
export function saidCounts({
  stores,
  asked,
  declined,
  waiting,
  collected,
  used,
  skipped,
}: ReturnType<typeof countsOf>) {
  const issued = waiting + collected + used
  return Object.fromEntries(
    Object.entries({ stores, asked, declined, issued, waiting, used, skipped }).map(([name, count]) => [
      name,
      `${count}`,
    ]),
  )
}
