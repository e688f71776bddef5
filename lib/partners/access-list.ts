import { z } from 'zod'
import {
  type AccessPosition,
  findAccess,
  listAccess,
  listLiveTokensOfPair,
} from '#db/queries/partners/access-list.ts'
import type { Actor } from '../access/actor.ts'
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
  actor: MerchantActor,
  query: AccessQuery,
  { db }: { db: Database },
): Promise<AccessPage> {
  const { rows, previous, next } = await readAccessPage(actor, query, { db, size: partnersPerPage })
  return { partners: rows, previous, next }
}

/**
 * One page of the access list of a store by the partners' names, or of the stores that have a partner in theirs by their names: `size` rows at
 * most, with the cursors of the pages around it.
 */
export async function readAccessPage(
  actor: Actor,
  query: AccessQuery,
  { db, size }: { db: Database; size: number },
): Promise<{ rows: ListedPartner[]; previous: string | null; next: string | null }> {
  const place = placeOfAccess(query)
  const direction = place?.way === 'before' ? 'desc' : 'asc'
  const { rows, previous, next } = await readPage({ size, way: place?.way }, (limit) =>
    listAccess(db, actor, { search: query.search, direction, after: place?.keys, limit }),
  )
  const cursorFrom = (row: ListedPartner | null) => row && cursorOf(positionOf(row, actor))
  return { rows, previous: cursorFrom(previous), next: cursorFrom(next) }
}

/** Undefined for the first page, and for a cursor nobody wrote. */
export const placeOfAccess = (query: AccessQuery) => readPlace(query, position)

/** All of the list that the page is one of, in its order. */
export function allPartners(actor: MerchantActor, { search }: AccessQuery): Batches<ListedPartner> {
  return byKey<ListedPartner, AccessPosition>(
    (snapshot, page) => listAccess(snapshot, actor, { search, direction: 'asc', ...page }),
    (row) => positionOf(row, actor),
  )
}

const position = z
  .tuple([keySchema, keySchema])
  .transform(([name, otherId]): AccessPosition => ({ name, otherId }))

function positionOf(row: ListedPartner, { side }: Pick<Actor, 'side'>): AccessPosition {
  return side === 'merchant'
    ? { name: row.sortedByPartnerName, otherId: row.partnerId }
    : { name: row.sortedByStoreName, otherId: row.storeId }
}

const cursorOf = ({ name, otherId }: AccessPosition) => writeCursor([name, otherId])

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
