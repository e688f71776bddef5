import { z } from 'zod'
import type { TokenPosition } from '#db/queries/tokens/token-lists.ts'
import type { Side } from '../../access/actor.ts'
import {
  firstOfEach,
  keySchema,
  type PageQuery,
  type Place,
  pageFields,
  readPlace,
  writeCursor,
} from '../../http/paging.ts'
import { rowIdSchema } from '../../text/row-id.ts'
import { searchTextSchema } from '../../text/search-text.ts'
import { momentSchema } from '../model/schemas.ts'
import type { Token } from '../model/token.ts'

export const shows = ['active', 'expiring', 'ended'] as const
export const sorts = ['expires', 'created', 'name', 'ended'] as const
export type Show = (typeof shows)[number]
export type Sort = (typeof sorts)[number]

/**
 * What the address of a list asks for. Active tokens are in the order of names, in which those of one store and partner
 * stand together; expiring ones by their expiry; ended ones by their end, the last one first.
 */
export type ListQuery = PageQuery & {
  show: Show
  mark?: 'new' | 'renewed' | undefined
  search?: string | undefined
  sort: Sort
  direction: 'asc' | 'desc'
}

const schema = z.object({
  show: z.enum(shows).catch('active'),
  mark: z.enum(['new', 'renewed']).optional().catch(undefined),
  search: searchTextSchema,
  /** A name of {@link sorts}; a hyphen before it: from the other end. */
  sort: z
    .templateLiteral([z.literal(['', '-']), z.enum(sorts)])
    .optional()
    .catch(undefined),
  ...pageFields,
})

const usualSort = { active: 'name', expiring: 'expires', ended: '-ended' } as const satisfies Record<
  Show,
  string
>

/** Reads the parameters of an address. What cannot be understood falls back to what an empty address shows. */
export function readListQuery(params: Record<string, string | string[] | undefined>): ListQuery {
  const { show, mark, sort: asked = usualSort[show], ...rest } = schema.parse(firstOfEach(params))
  const sort = asked.replace('-', '') as Sort
  const direction = asked.startsWith('-') ? 'desc' : 'asc'
  if (show === 'ended')
    return { ...rest, show, sort: 'ended', direction: sort === 'ended' ? direction : 'desc' }
  return sort === 'ended'
    ? { ...rest, show, mark, sort: show === 'active' ? 'name' : 'expires', direction: 'asc' }
    : { ...rest, show, mark, sort, direction }
}

/** The parameters that bring {@link readListQuery} to `query`; what is the default is left out. */
export function writeListQuery(query: ListQuery): URLSearchParams {
  const params = new URLSearchParams()
  if (query.show !== 'active') params.set('show', query.show)
  if (query.mark) params.set('mark', query.mark)
  if (query.search) params.set('search', query.search)
  const sort = `${query.direction === 'desc' ? '-' : ''}${query.sort}`
  if (sort !== usualSort[query.show]) params.set('sort', sort)
  if (query.after) params.set('after', query.after)
  if (query.before) params.set('before', query.before)
  return params
}

/** How a list starts that is newly sorted: soonest to expire, newest, A to Z, last ended. */
export function firstDirection(sort: Sort): 'asc' | 'desc' {
  switch (sort) {
    case 'expires':
    case 'name':
      return 'asc'
    case 'created':
    case 'ended':
      return 'desc'
  }
}

const position = z
  .tuple([momentSchema, rowIdSchema, keySchema.optional(), keySchema.optional()])
  .transform(([at, id, name, otherId]): TokenPosition => ({ at, id, name, otherId }))
const positionByName = position.refine(({ name, otherId }) => name !== undefined && otherId !== undefined)

/** The place in the list that the address names; undefined for the first page and for a cursor nobody wrote. */
export function placeOf(query: ListQuery): Place<TokenPosition> | undefined {
  return readPlace(query, query.sort === 'name' ? positionByName : position)
}

export function cursorOf({ at, id, name, otherId }: TokenPosition): string {
  return writeCursor([at, id, name, otherId])
}

/** Where a token stands in the order of the list. */
export function positionOf(token: Token, query: ListQuery, side: Side): TokenPosition {
  const { id } = token
  switch (query.sort) {
    case 'expires':
      return { at: token.expiresAt, id }
    case 'created':
      return { at: token.createdAt, id }
    case 'ended':
      return { at: token.revokedAt ?? token.expiresAt, id }
    case 'name':
      return side === 'merchant'
        ? { at: token.expiresAt, id, name: token.sortedByPartnerName, otherId: token.partnerId }
        : { at: token.expiresAt, id, name: token.sortedByStoreName, otherId: token.storeId }
  }
}
