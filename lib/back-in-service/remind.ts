import { currentTime } from '#db/queries/current-time.ts'
import { listUnansweredIn, listWaitingOfCampaigns, onceKeyOf } from '#db/queries/notifications/reminders.ts'
import { announce } from '../events/announce.ts'
import type { Database } from '../process/database.ts'
import { dayMs } from '../time/units.ts'
import { followedDays, reminderDays } from './limits.ts'

const requestsAtOnce = 1_000

/** What is due for so long is not announced any more; events are kept for longer, so that none is announced twice. */
const lateDays = 3

/**
 * Puts reminders into the outbox, each once: to a store that has not answered for one day, and for three; to a partner whose
 * texts have waited for as long, all of a day's together. Then no more.
 * @returns how many.
 */
export async function remindOfCampaigns({
  db,
  signal,
  now: asked,
}: {
  db: Database
  signal?: AbortSignal
  /** The database’s time by default. */
  now?: Date
}): Promise<number> {
  const now = asked ?? (await currentTime(db))
  const daysAgo = (days: number) => new Date(now.getTime() - days * dayMs)
  let written = 0
  for (const [n, days] of reminderDays.entries()) {
    const window = { after: daysAgo(reminderDays[n + 1] ?? days + lateDays), until: daysAgo(days) }
    const due = { db, window, days, now }
    for (;;) {
      const count = await remindStores(due)
      written += count
      if (count < requestsAtOnce || signal?.aborted) break
    }
    written += await remindPartners(due)
  }
  return written
}

type Due = { db: Database; window: { after: Date; until: Date }; days: number; now: Date }

function remindStores({ db, window, days, now }: Due): Promise<number> {
  const key = `service.asked:${days}`
  return db.transaction(async (tx) => {
    const unanswered = await listUnansweredIn(tx, { window, key, limit: requestsAtOnce })
    await announce(
      tx,
      unanswered.map(({ id, storeId, partnerId, campaignId, cutOffId, cutOffAt, cutOffBy }) => ({
        ...{ kind: 'service.asked', occurredAt: now, storeId, partnerId, by: null },
        details: {
          ...{ campaignId, cutOffId, requestId: id, cutOffBy, reminder: `${days}` },
          cutOffAt: new Date(cutOffAt).toISOString(),
        },
        onceKey: onceKeyOf(key, id),
      })),
    )
    return unanswered.length
  })
}

function remindPartners({ db, window, days, now }: Due): Promise<number> {
  const key = `service.waiting:${days}`
  return db.transaction(async (tx) => {
    const since = new Date(now.getTime() - followedDays * dayMs)
    const found = await listWaitingOfCampaigns(tx, { window, key, since })
    // One notice a campaign, however many days fell due at once: they share an operation.
    const ofCampaigns = [...Map.groupBy(found, ({ campaignId }) => campaignId).values()]
    for (const ofCampaign of ofCampaigns) {
      await announce(
        tx,
        ofCampaign.map(({ campaignId, cutOffId, partnerId, day, waiting }) => ({
          ...{ kind: 'service.waiting', occurredAt: now, storeId: '', partnerId, by: null },
          details: { campaignId, cutOffId, waiting: `${waiting}`, reminder: `${days}` },
          onceKey: `${key}:${campaignId}:${day}`,
        })),
      )
    }
    return ofCampaigns.length
  })
}
