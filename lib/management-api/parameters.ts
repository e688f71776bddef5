import { z } from 'zod'
import { apis } from '#db/schema/partner-access.ts'
import { maxSearchLength } from '../text/search-text.ts'
import { maxFilterDays } from '../tokens/limits.ts'
import { endedBy, endings, endReasons, shows, sorts, uses } from '../tokens/review/list-query.ts'

/** Rows of a page of a list, where the request does not say how many. */
export const usualRows = 100
export const mostRows = 1_000

/** Of every list, as the OpenAPI document has them. */
const ofLists = {
  search: z.string().min(1).max(maxSearchLength).optional(),
  limit: z.int().min(1).max(mostRows).default(usualRows).describe('How many rows the answer has at most.'),
  after: z.string().optional().describe('`next` of the page before, with the same filters and order.'),
}

/** Of lists that have nothing but pages. */
export const pageParameters = z.object({ limit: ofLists.limit, after: ofLists.after })

const days = z.int().min(1).max(maxFilterDays).optional()

/** Each order from both ends, but for what needs somebody first. */
const orders = sorts.flatMap((sort) => (sort === 'needs' ? [sort] : [sort, `-${sort}` as const]))

export const tokenListParameters = z.object({
  show: z
    .enum(shows)
    .default('active')
    .describe('Live tokens, those of them that end within 30 days, or those that have ended.'),
  ...ofLists,
  search: ofLists.search.describe(
    'Part of a name, a whole id, the last four characters, or `sha256:` and the SHA-256 of a text in base64url.',
  ),
  sort: z
    .enum(orders)
    .optional()
    .describe(
      'A hyphen turns it round. `needs` is for stores and active tokens; `ended` is for ended tokens, and their only order.',
    ),
  use: z.enum(uses).optional().describe('Of live tokens.'),
  quiet: days.describe('Live tokens that were used, and not for so many days.'),
  mark: z.enum(['new', 'renewed']).optional().describe('Of live tokens.'),
  api: z.enum(apis).optional().describe('Live tokens that may call it.'),
  ends: z.enum(endings).optional().describe('Live tokens that end within so many days.'),
  lasts: days.describe('Live tokens that work for more than so many days.'),
  issued: z.iso.date().optional().describe('Live tokens that were made before this day in UTC.'),
  reason: z.enum(endReasons).optional().describe('Of ended tokens.'),
  by: z.enum(endedBy).optional().describe('Which side ended them, or whether they expired.'),
})

export const accessListParameters = z.object({
  ...ofLists,
  search: ofLists.search.describe('Part of a name, or a whole id.'),
})
