import { z } from 'zod'
import type { TokenPosition } from '#db/queries/tokens/page-requests.ts'
import { apis } from '#db/schema/partner-access.ts'
import { endingSides, reasons } from '#db/schema/revocations.ts'
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
import { ok, type Result, refuse } from '../../result.ts'
import { rowIdSchema } from '../../text/row-id.ts'
import { maxSearchLength, searchTextSchema, typedToFind } from '../../text/search-text.ts'
import { maxFilterDays } from '../limits.ts'
import type { Api } from '../model/policy.ts'
import { momentSchema } from '../model/schemas.ts'
import type { Token } from '../model/token.ts'

export const shows = ['active', 'expiring', 'ended'] as const
export const sorts = ['needs', 'expires', 'created', 'used', 'name', 'ended'] as const
export const uses = ['in-use', 'last-24-hours', 'not-used', 'waiting', 'paused'] as const
export const endings = ['7', '30', '90'] as const
export const endedBy = [...endingSides, 'expiry'] as const
export const endReasons = [...reasons, 'none'] as const
export type Show = (typeof shows)[number]
export type Sort = (typeof sorts)[number]
/** What is shown of the live tokens: in use, used within 24 hours, never used, waiting to be collected, paused. */
export type Use = (typeof uses)[number]

/** `reason` and `by` are of ended tokens, `found` of both, all others of live ones. */
export type ListFilters = {
  use?: Use | undefined
  /** Was used, and has not been for so many days. */
  quiet?: number | undefined
  mark?: 'new' | 'renewed' | undefined
  /** That they may call. */
  api?: Api | undefined
  /** Within so many days. */
  ends?: (typeof endings)[number] | undefined
  /** Works for more than so many days from now. */
  lasts?: number | undefined
  /** Before the beginning of this day in UTC, as in 2026-11-23: an address says the same to everybody. */
  issued?: string | undefined
  reason?: (typeof endReasons)[number] | undefined
  /** Which side ended it. */
  by?: (typeof endedBy)[number] | undefined
  /** The id of a find: of live tokens and of ended ones. */
  found?: string | undefined
}
export type FilterName = keyof ListFilters

const days = z
  .string()
  .regex(/^ *\d{1,5} *$/)
  .transform(Number)
  .pipe(z.int().min(1).max(maxFilterDays))

const liveFilters = {
  use: z.enum(uses),
  quiet: days,
  mark: z.enum(['new', 'renewed']),
  api: z.enum(apis),
  ends: z.enum(endings),
  lasts: days,
  issued: z.iso.date().refine((day) => day >= '0001'),
  found: rowIdSchema,
}
const endedFilters = { reason: z.enum(endReasons), by: z.enum(endedBy), found: rowIdSchema }

const filtersOf = (show: Show): Partial<Record<FilterName, z.ZodType>> =>
  show === 'ended' ? endedFilters : liveFilters

/**
 * What the address of a list asks for. Active tokens are in an order in which those of one store and partner stand together: a
 * merchant's by what needs somebody first, a partner's by name. Expiring ones are by their expiry; ended ones by their end,
 * the last one first, with filters of their own.
 */
export type ListQuery = PageQuery &
  ListFilters & {
    show: Show
    search?: string | undefined
    sort: Sort
    direction: 'asc' | 'desc'
  }

const schema = z.object({
  show: z.enum(shows).catch('active'),
  search: searchTextSchema,
  /** A name of {@link sorts}; a hyphen before it: from the other end. */
  sort: z
    .templateLiteral([z.literal(['', '-']), z.enum(sorts)])
    .optional()
    .catch(undefined),
  ...pageFields,
})

type Order = { sort: Sort; direction: 'asc' | 'desc' }

/** The order of an address that names none. */
function usualOrder(show: Show, side: Side): Order {
  switch (show) {
    case 'active':
      return { sort: side === 'merchant' ? 'needs' : 'name', direction: 'asc' }
    case 'expiring':
      return { sort: 'expires', direction: 'asc' }
    case 'ended':
      return { sort: 'ended', direction: 'desc' }
  }
}

/** Whether a list can be in an order, on a side; what needs somebody is looked for where somebody looks after all of it. */
function isOrderOf({ sort, direction }: Order, show: Show, side: Side): boolean {
  if (sort === 'needs') return show === 'active' && side === 'merchant' && direction === 'asc'
  return (sort === 'ended') === (show === 'ended')
}

type Params = Record<string, string | string[] | undefined>

/** Reads the parameters of an address. What cannot be understood falls back to what an empty address shows: {@link unreadFilters}. */
export function readListQuery(params: Params, side: Side): ListQuery {
  const { show, search, sort, after, before } = schema.parse(firstOfEach(params))
  const asked: Order | undefined = sort && {
    sort: sort.replace('-', '') as Sort,
    direction: sort.startsWith('-') ? 'desc' : 'asc',
  }
  const order = asked && isOrderOf(asked, show, side) ? asked : usualOrder(show, side)
  return { show, search, after, before, ...order, ...readFilters(params, show).read }
}

/** The filters of the list whose values in the address are none, each with what was typed. */
export function unreadFilters(params: Params): { name: FilterName; typed: string }[] {
  return readFilters(params, schema.parse(firstOfEach(params)).show).unread
}

/**
 * The same for programs: one that is not understood is answered that, and shown no other list. A find is its person's alone.
 * @returns the list; else the parameters that are none of its, or whose values are not.
 */
export function readListExactly(
  params: Record<string, string>,
  side: Side,
): Result<ListQuery, { unread: string[] }> {
  const query = readListQuery(params, side)
  const unread = Object.entries(params).flatMap(([name, typed]) => (isRead(name, typed, query) ? [] : [name]))
  return unread.length > 0 ? refuse({ unread }) : ok(query)
}

function isRead(name: string, typed: string, query: ListQuery): boolean {
  switch (name) {
    case 'show':
      return query.show === typed
    case 'search':
      return query.search !== undefined && typed.length <= maxSearchLength
    case 'sort':
      return writtenOrder(query) === typed
    case 'after':
      return placeOf(query) !== undefined
    case 'found':
      return false
    default:
      return isFilterName(name) && query[name] !== undefined
  }
}

const isFilterName = (name: string): name is FilterName => (filterNames as string[]).includes(name)

function readFilters(params: Params, show: Show) {
  const given = firstOfEach(params)
  const read: ListFilters = {}
  const unread: { name: FilterName; typed: string }[] = []
  for (const [name, of] of Object.entries(filtersOf(show)) as [FilterName, z.ZodType][]) {
    const typed = given[name]?.trim()
    if (!typed) continue
    const { success, data } = of.safeParse(typed)
    if (success) Object.assign(read, { [name]: data })
    else unread.push({ name, typed: typedToFind(typed) })
  }
  return { read, unread }
}

/** The parameters that bring {@link readListQuery} to `query`; what is the default is left out. */
export function writeListQuery(query: ListQuery, side: Side): URLSearchParams {
  const params = new URLSearchParams()
  if (query.show !== 'active') params.set('show', query.show)
  for (const name of [...filterNames, 'search'] as const) {
    const value = query[name]
    if (value) params.set(name, `${value}`)
  }
  const usual = usualOrder(query.show, side)
  if (query.sort !== usual.sort || query.direction !== usual.direction)
    params.set('sort', writtenOrder(query))
  if (query.after) params.set('after', query.after)
  if (query.before) params.set('before', query.before)
  return params
}

/** An order as the parameter `sort` has it. */
export function writtenOrder({ sort, direction }: Order): string {
  return `${direction === 'desc' ? '-' : ''}${sort}`
}

/** Without them the list shows all of its tab. */
export const noFilters: Required<ListFilters> = {
  ...{ use: undefined, quiet: undefined, mark: undefined, api: undefined, ends: undefined },
  ...{ lasts: undefined, issued: undefined, reason: undefined, by: undefined, found: undefined },
}
export const filterNames = Object.keys(noFilters) as FilterName[]

export function isFiltered(query: ListFilters): boolean {
  return filterNames.some((name) => query[name])
}

/** How a list starts that is newly sorted: soonest to expire, longest unused, newest, A to Z, last ended. */
export function firstDirection(sort: Sort): 'asc' | 'desc' {
  switch (sort) {
    case 'needs':
    case 'expires':
    case 'used':
    case 'name':
      return 'asc'
    case 'created':
    case 'ended':
      return 'desc'
  }
}

const position = z
  .tuple([
    momentSchema,
    rowIdSchema,
    keySchema.optional(),
    keySchema.optional(),
    z.enum(['0', '1', '2', '3']).optional(),
  ])
  .transform(
    ([at, id, name, otherId, rank]): TokenPosition => ({
      ...{ at, id, name, otherId },
      rank: rank === undefined ? undefined : Number(rank),
    }),
  )
const positionByName = position.refine(({ name, otherId }) => name !== undefined && otherId !== undefined)
const positionByNeed = positionByName.refine(({ rank }) => rank !== undefined)

/** The place in the list that the address names; undefined for the first page and for a cursor nobody wrote. */
export function placeOf(query: ListQuery): Place<TokenPosition> | undefined {
  const schemas: Partial<Record<Sort, typeof position>> = { name: positionByName, needs: positionByNeed }
  return readPlace(query, schemas[query.sort] ?? position)
}

export function cursorOf({ at, id, name, otherId, rank }: TokenPosition): string {
  return writeCursor([at, id, name, otherId, rank?.toString()])
}

/** Where a token stands in the order of the list. */
export function positionOf(token: Token, query: ListQuery, side: Side): TokenPosition {
  const { id } = token
  const byName =
    side === 'merchant'
      ? { at: token.expiresAt, id, name: token.sortedByPartnerName, otherId: token.partnerId }
      : { at: token.expiresAt, id, name: token.sortedByStoreName, otherId: token.storeId }
  switch (query.sort) {
    case 'expires':
      return { at: token.expiresAt, id }
    case 'created':
      return { at: token.createdAt, id }
    case 'used':
      return { at: token.lastUsedAt ?? new Date(0), id }
    case 'ended':
      return { at: token.revokedAt ?? token.expiresAt, id }
    case 'name':
      return byName
    case 'needs':
      return { ...byName, rank: token.rank ?? undefined }
  }
}
