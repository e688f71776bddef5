import type { Route } from 'next'
import { Link } from '#components/ui/link.tsx'
import type { ListQuery, Sort } from '#lib/tokens/review/list-query.ts'

export type Sorting = { query: ListQuery; hrefOf: (sort: Sort) => Route }

/** A column heading; with `sort` a link that brings the list into the order of the column, or turns it round. */
export function Heading({
  title,
  className,
  sort,
  sorting: { query, hrefOf },
}: {
  title: string
  className?: string
  sort?: Sort | undefined
  sorting: Sorting
}) {
  const isSorted = sort !== undefined && sort === query.sort
  const arrow = isSorted ? (query.direction === 'asc' ? '↑' : '↓') : '↕'
  return (
    <th
      scope="col"
      className={className}
      aria-sort={isSorted ? (query.direction === 'asc' ? 'ascending' : 'descending') : undefined}
    >
      {sort ? (
        <Link
          href={hrefOf(sort)}
          scroll={false}
          className="inline-flex min-h-7 items-center gap-1 hover:underline"
        >
          {title}
          <span aria-hidden="true" className={isSorted ? 'text-ink' : 'opacity-60'}>
            {arrow}
          </span>
        </Link>
      ) : (
        title
      )}
    </th>
  )
}
