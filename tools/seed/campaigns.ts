import { v7 as uuidv7 } from 'uuid'
import type { Database } from '#db/client.ts'

type Pair = { storeId: string; partnerId: string }
type Person = { id: string; name: string }

/** A cut-off long before any token of the tests, or `at` another time: it ends none of them. */
export async function buildCutOff(
  owner: Database,
  {
    storeId = '',
    partnerId,
    by,
    ageDays = 2,
  }: Partial<Pair> & { partnerId: string; by: Person; ageDays?: number },
): Promise<string> {
  const id = uuidv7()
  await owner.$client.query(
    `with made as (
       insert into cut_offs (id, store_id, partner_id, at, side, user_id, user_name, user_role, reason)
       values ($1, $2, $3, now() - $6::int * interval '1 day', 'partner', $4, $5, 'owner', 'exposed') returning id)
     insert into cut_off_books (cut_off_id, tokens, others, done, finished_at) select id, 1, 1, 1, now() from made`,
    [id, storeId, partnerId, by.id, by.name, ageDays],
  )
  return id
}

/** A campaign after it that has come to all stores, with one request to the store. */
export async function buildCampaign(
  owner: Database,
  { storeId, partnerId, by, cutOffId }: Pair & { by: Person; cutOffId: string },
): Promise<{ campaignId: string; requestId: string }> {
  const [campaignId, requestId] = [uuidv7(), uuidv7()]
  await owner.$client.query(
    `insert into campaigns (id, cut_off_id, partner_id, started_at, user_id, user_name, ends_at, reached_at)
     values ($1, $2, $3, now(), $4, $5, now() + interval '30 days', now())`,
    [campaignId, cutOffId, partnerId, by.id, by.name],
  )
  await addRequest(owner, { id: requestId, campaignId, storeId, partnerId })
  return { campaignId, requestId }
}

export async function addRequest(
  owner: Database,
  request: Pair & {
    id?: string
    campaignId: string
    state?: string
    skippedFor?: string
    tokenId?: string
    way?: string
  },
) {
  const { id = uuidv7(), campaignId, storeId, partnerId, state = 'asked', skippedFor, tokenId, way } = request
  await owner.$client.query(
    `insert into token_requests (id, campaign_id, store_id, partner_id, state, asked_at, skipped_for, token_id, way)
     values ($1, $2, $3, $4, $5, now(), $6, $7, $8)`,
    [id, campaignId, storeId, partnerId, state, skippedFor ?? null, tokenId ?? null, way ?? null],
  )
}
