import { z } from 'zod'
import { findAccess, listAccess, listLiveTokensOfPair } from '#db/queries/partners/access-list.ts'
import type { MerchantActor } from '../access/actors.ts'
import { partnerIdSchema } from '../access/partner-id.ts'
import { type Batches, byKey } from '../downloads/batches.ts'
import {
  firstOfEach,
  keySchema,
  type PageQuery,
  pageFields,
  readPage,
  readPlace,
  writeCursor,
} from '../http/paging.ts'
import type { Database } from '../process/database.ts'
import { searchTextSchema } from '../text/search-text.ts'
import { describeToken, type Token } from '../tokens/model/token.ts'
import { type BlastRadius, noBlastRadius, readBlastRadii } from '../tokens/review/blast-radius.ts'

/** A partner in a store's access list. `liveTokens`: counted no further than 101. */
export type ListedPartner = NonNullable<Awaited<ReturnType<typeof findListedPartner>>>

export const partnersPerPage = 25

/** What the address of the list asks for. */
export type AccessQuery = PageQuery & { search?: string | undefined }

export type AccessPage = { partners: ListedPartner[]; previous: string | null; next: string | null }

const querySchema = z.object({ search: searchTextSchema, ...pageFields })

/** Reads the parameters of an address. What cannot be understood is as if it were not there. */
export function readAccessQuery(params: Record<string, string | string[] | undefined>): AccessQuery {
  return querySchema.parse(firstOfEach(params))
}

/** One page of the store's access list by the partners' names, {@link partnersPerPage} rows at most. One query. */
export async function listPartners(
  { storeId }: MerchantActor,
  query: AccessQuery,
  { db }: { db: Database },
): Promise<AccessPage> {
  const place = readPlace(query, position)
  const direction = place?.way === 'before' ? 'desc' : 'asc'
  const { rows, previous, next } = await readPage({ size: partnersPerPage, way: place?.way }, (limit) =>
    listAccess(db, { storeId }, { search: query.search, direction, after: place?.keys, limit }),
  )
  return { partners: rows, previous: previous && cursorOf(previous), next: next && cursorOf(next) }
}

/** All of the list that the page is one of, in its order. */
export function allPartners({ storeId }: MerchantActor, { search }: AccessQuery): Batches<ListedPartner> {
  return byKey<ListedPartner, { name: string; partnerId: string }>(
    (snapshot, page) => listAccess(snapshot, { storeId }, { search, direction: 'asc', ...page }),
    ({ sortedByName, partnerId }) => ({ name: sortedByName, partnerId }),
  )
}

const position = z.tuple([keySchema, keySchema]).transform(([name, partnerId]) => ({ name, partnerId }))

const cursorOf = ({ sortedByName, partnerId }: ListedPartner) => writeCursor([sortedByName, partnerId])

/** One partner of the store's access list; undefined where it is not in it. */
export async function findListedPartner(
  { storeId }: MerchantActor,
  partnerId: string,
  { db }: { db: Database },
) {
  if (!partnerIdSchema.safeParse(partnerId).success) return undefined
  return findAccess(db, { storeId, partnerId })
}

/**
 * What a person should know before a partner is removed: the first of its live tokens, soonest to expire first, and who will
 * feel it. What renewed one is not named: it dies with it.
 */
export type RemovalReview = {
  listed: ListedPartner
  tokens: (Token & { blastRadius: BlastRadius })[]
}

const shownTokens = 20

/** Undefined where the partner is not in the list, or no longer. */
export async function reviewRemoval(
  actor: MerchantActor,
  partnerId: string,
  { db }: { db: Database },
): Promise<RemovalReview | undefined> {
  const listed = await findListedPartner(actor, partnerId, { db })
  if (!listed) return undefined
  const pair = { storeId: actor.storeId, partnerId }
  const tokens = (await listLiveTokensOfPair(db, pair, shownTokens)).map(describeToken)
  const ids = tokens.map(({ id }) => id)
  const radii = await readBlastRadii(db, actor, ids)
  return {
    listed,
    tokens: tokens.map((token) => ({
      ...token,
      blastRadius: { ...(radii.get(token.id) ?? noBlastRadius), successor: null },
    })),
  }
}
