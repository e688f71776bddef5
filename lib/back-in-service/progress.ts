import { z } from 'zod'
import {
  countRequests,
  listCampaignsOfCutOff,
  listOpenCampaigns,
  listRequestsOf,
  type RequestRow,
} from '#db/queries/tokens/campaigns.ts'
import { requestStates } from '#db/schema/campaigns.ts'
import type { PartnerActor } from '../access/actors.ts'
import type { Operator } from '../access/operators.ts'
import { keySchema, type Page, pageFields, readPage, readPlace, writeCursor } from '../http/paging.ts'
import type { Database } from '../process/database.ts'
import { type HandoverStatus, handoverStatusOf } from '../tokens/model/handover.ts'
import { type CampaignCounts, countsOf } from './counts.ts'

export { requestStates }

type Tools = { db: Database }

export type Campaign = Awaited<ReturnType<typeof listOpenCampaigns>>[number] & { counts: CampaignCounts }

const storesAPage = 50
const maxCampaigns = 50

/** The partner's campaign after one cut-off, with how many stores there are in each state; null where none was started. */
export async function findCampaign(
  { partnerId }: PartnerActor,
  { cutOffId }: { cutOffId: string },
  { db }: Tools,
): Promise<Campaign | null> {
  const [campaign] = await counted(db, await listCampaignsOfCutOff(db, { cutOffId, partnerId }, 1))
  return campaign ?? null
}

/** The partner's campaigns that go on, the last first; a few at most. */
export async function openCampaigns({ partnerId }: PartnerActor, { db }: Tools): Promise<Campaign[]> {
  return counted(db, await listOpenCampaigns(db, { partnerId }, maxCampaigns))
}

/** All campaigns after one cut-off, for operators of the platform; 50 at most. */
export async function campaignsOfCutOff(
  _operator: Operator,
  { cutOffId }: { cutOffId: string },
  { db }: Tools,
): Promise<Campaign[]> {
  return counted(db, await listCampaignsOfCutOff(db, { cutOffId }, maxCampaigns))
}

async function counted(db: Database, campaigns: Omit<Campaign, 'counts'>[]): Promise<Campaign[]> {
  const counts = await countRequests(
    db,
    campaigns.map(({ id }) => id),
  )
  return campaigns.map((campaign) => ({ ...campaign, counts: countsOf(counts.get(campaign.id)) }))
}

/** What the address of a list of stores says. */
export const storesQuerySchema = z.object({
  state: z.enum(requestStates).optional().catch(undefined),
  ...pageFields,
})
export type StoresQuery = z.output<typeof storesQuerySchema>

/** One store of a campaign, as it is now. */
export type ReachedStore = RequestRow & { handover: HandoverStatus }

const storeKeys = z.tuple([keySchema]).transform(([storeId]) => storeId)

export type StoresPage = Pick<Page<ReachedStore>, 'rows'> & { previous: string | null; next: string | null }

/** The stores of a campaign of the partner's, in the order of their ids. */
export async function listReachedStores(
  campaign: Pick<Campaign, 'id'>,
  { state, ...query }: StoresQuery,
  { db }: Tools,
): Promise<StoresPage> {
  const place = readPlace(query, storeKeys)
  const { rows, previous, next } = await readPage({ size: storesAPage, way: place?.way }, (limit) =>
    listRequestsOf(db, campaign.id, { state, way: place?.way, storeId: place?.keys, limit }),
  )
  const cursor = (row: RequestRow | null) => row && writeCursor([row.storeId])
  return { rows: rows.map(described), previous: cursor(previous), next: cursor(next) }
}

/** With what became of its token's text. */
export function described(row: RequestRow): ReachedStore {
  const { expiresAt, isRevoked, asOf, isKept, collectUntil, collectedAt } = row
  const handover =
    expiresAt === null
      ? 'none'
      : handoverStatusOf(
          { expiresAt, revokedAt: isRevoked ? asOf : null, handover: { isKept, collectUntil, collectedAt } },
          asOf,
        )
  return { ...row, handover }
}
