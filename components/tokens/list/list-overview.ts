import type { Route } from 'next'
import type { Count, TokenCounts } from '#lib/tokens/review/counts.ts'
import type { Show } from '#lib/tokens/review/list-query.ts'
import type { OfferedFilters } from '#lib/tokens/review/offered-filters.ts'
import type { SearchKind } from '#lib/tokens/review/search.ts'

/** What a list says around the rows of its page. */
export type ListOverview = {
  counts: TokenCounts
  /** On all pages of what the search and the filters leave. */
  listed: Count
  /** How many tokens each filter would leave; null while the filters are not open. */
  offered: OfferedFilters | null
  /** What the search was understood as; null where there is none. */
  searched: SearchKind | null
  /** Where a search that found nothing here would find something. */
  elsewhere: { show: Show; count: Count }[]
  /** Null where this person cannot add one. */
  addPartner: Route | null
}
