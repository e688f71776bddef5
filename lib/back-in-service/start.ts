import { v7 as uuidv7 } from 'uuid'
import { currentTime } from '#db/queries/current-time.ts'
import { findCampaignOf, insertCampaign, secondsUntilNextCampaign } from '#db/queries/tokens/campaigns.ts'
import { findCutOff, findCutOffOf } from '#db/queries/tokens/cut-offs.ts'
import type { PartnerActor } from '../access/actors.ts'
import { changing, lockOwnParty } from '../access/changing.ts'
import { asChanger } from '../access/rights.ts'
import { recordAudit } from '../audit/record.ts'
import type { Database } from '../process/database.ts'
import type { TooOften } from '../rate-limits/too-often.ts'
import { ok, type Result, refuse } from '../result.ts'
import { dayMs } from '../time/units.ts'
import { campaignDays, campaignLimit, startWithinDays } from './limits.ts'

/**
 * `not-found`: no such cut-off of the partner's. `by-the-store`: a store ended its own tokens; it decides by itself whom it lets in
 * again; so it is where nobody knows any more who ended those of one store. `too-late`: the cut-off is older than 30 days. `too-often`: {@link campaignLimit}.
 */
export type StartRefusal = 'not-allowed' | 'signed-out' | 'not-found' | 'by-the-store' | 'too-late' | TooOften

/**
 * Starts the partner's way back into service: the worker then goes through all stores that lost live tokens by the cut-off, issues
 * where the store has waived its consent, and asks where it has not (docs/decisions/020-back-in-service.md). Once a cut-off:
 * who starts it twice, or after somebody else, gets the one that there is.
 */
export async function startCampaign(
  actor: PartnerActor,
  { cutOffId }: { cutOffId: string },
  { db, address }: { db: Database; address: string | null },
): Promise<Result<{ campaignId: string }, StartRefusal>> {
  const { partnerId } = actor
  return changing<{ name: string }, { campaignId: string }, StartRefusal>(asChanger(actor), db, {
    // Of two who start one, or more than may be, the second sees the first.
    lock: async (tx) => lockOwnParty(tx, actor),
    change: async (tx) => {
      const cutOff = await findCutOffOf(tx, actor, cutOffId)
      if (!cutOff) return refuse('not-found')
      const known = await findCampaignOf(tx, { cutOffId, partnerId })
      if (known) return ok({ campaignId: known.id })
      if (cutOff.from === 'merchant') return refuse('by-the-store')
      // Of somebody whom the backup did not have, versions before wrote the partner's side: it may have been the store's own.
      const isBySomebody = (await findCutOff(tx, cutOffId))?.userId
      if (cutOff.storeId !== '' && cutOff.from !== 'operator' && !isBySomebody) return refuse('by-the-store')
      const startedAt = await currentTime(tx)
      if (startedAt.getTime() - cutOff.at.getTime() > startWithinDays * dayMs) return refuse('too-late')
      const waitSeconds = await secondsUntilNextCampaign(tx, partnerId, campaignLimit)
      if (waitSeconds > 0) return refuse({ kind: 'too-often', waitSeconds })
      const id = uuidv7()
      const endsAt = new Date(startedAt.getTime() + campaignDays * dayMs)
      await insertCampaign(tx, { id, cutOffId, partnerId, startedAt, endsAt, by: actor })
      await recordAudit(tx, [
        {
          ...{ action: 'service.started', occurredAt: startedAt, by: actor, partnerId, address },
          details: { campaignId: id, cutOffId },
        },
      ])
      return ok({ campaignId: id })
    },
  })
}
