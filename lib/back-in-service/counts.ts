import type { RequestState } from '#db/queries/tokens/campaigns.ts'

export type { RequestState }

/** How many stores of a campaign are in each state, and how many the worker has come to. */
export type CampaignCounts = Record<RequestState, number> & { stores: number }

export function countsOf(found: Partial<Record<RequestState, number>> | undefined): CampaignCounts {
  const none = { asked: 0, declined: 0, waiting: 0, collected: 0, used: 0, skipped: 0 }
  const counts = { ...none, ...found }
  return { ...counts, stores: Object.values(counts).reduce((sum, count) => sum + count, 0) }
}
