import type { Route } from 'next'
import type { ListQuery, Show, Sort } from '#lib/tokens/review/list-query.ts'
import type { View } from '#lib/tokens/review/offered-filters.ts'

/** Addresses of the same list that show something else of it. */
export type ListLinks = {
  tab: (show: Show) => Route
  sort: (sort: Sort) => Route
  page: (way: 'after' | 'before', cursor: string) => Route
  /** With another search, filter or order, from the first page on. */
  changed: (changes: Partial<ListQuery>) => Route
  /** Opens the filters, or closes them. */
  filters: Route
  view: (view: View) => Route
  /** Without search and filter. */
  everything: Route
  firstPage: Route
  /** All of what is listed, as a file. */
  csv: string
}
