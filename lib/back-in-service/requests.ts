import type { RequestRow } from '#db/queries/tokens/campaigns.ts'
import { listOpenRequests, listRequestsOfStore } from '#db/queries/tokens/token-requests.ts'
import type { MerchantActor } from '../access/actors.ts'
import { idKeys, type PageQuery, readPage, readPlace, writeCursor } from '../http/paging.ts'
import type { Database } from '../process/database.ts'
import { described, type ReachedStore } from './progress.ts'

/** One request of a partner that was cut off, as its store reads it. */
export type TokenRequest = ReachedStore

const requestsAPage = 30

/** What waits for the store's answer, the newest first, `limit` and one at most. @param partnerId of one partner only. */
export async function openRequests(
  { storeId }: MerchantActor,
  { partnerId, limit }: { partnerId?: string | undefined; limit: number },
  { db }: { db: Database },
): Promise<TokenRequest[]> {
  return (await listOpenRequests(db, { storeId, partnerId }, limit + 1)).map(described)
}

/** All that partners have asked the store for, the newest first. */
export async function listRequests({ storeId }: MerchantActor, query: PageQuery, { db }: { db: Database }) {
  const place = readPlace(query, idKeys)
  const { rows, previous, next } = await readPage({ size: requestsAPage, way: place?.way }, (limit) =>
    listRequestsOfStore(db, { storeId }, { way: place?.way, id: place?.keys, limit }),
  )
  const cursor = (row: RequestRow | null) => row && writeCursor([row.id])
  return { rows: rows.map(described), previous: cursor(previous), next: cursor(next) }
}
