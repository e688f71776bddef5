import type { Route } from 'next'
import Form from 'next/form'
import { Link } from '#components/ui/link.tsx'
import type { Side } from '#lib/access/actor.ts'
import type { TokenCounts } from '#lib/tokens/review/counts.ts'
import type { ListQuery, Show } from '#lib/tokens/review/list-query.ts'
import { Button } from '../../ui/button.tsx'
import { countText } from '../words.ts'

const titles: Record<Show, string> = {
  active: 'Active Tokens',
  expiring: 'Expiring Tokens',
  ended: 'Revoked and expired',
}

const control = 'min-h-9 rounded-lg border border-control bg-ground px-2.5 text-sm'

/** Search, filter and order of a list; all of it goes into the address. */
export function TokenFilters({ side, query, list }: { side: Side; query: ListQuery; list: Route }) {
  const ended = query.show === 'ended'
  const party = side === 'merchant' ? 'Partner' : 'Store'
  return (
    <Form
      prefetch={false}
      action={list}
      role="search"
      scroll={false}
      className="flex flex-wrap items-center gap-2"
    >
      {query.show !== 'active' && <input type="hidden" name="show" value={query.show} />}
      <input
        type="search"
        name="search"
        key={query.search}
        defaultValue={query.search}
        maxLength={100}
        aria-label={`${party} name or ID`}
        placeholder={`${party} name or ID`}
        className={`${control} w-56 max-md:w-full`}
      />
      {!ended && (
        <select
          name="mark"
          key={query.mark}
          defaultValue={query.mark ?? ''}
          aria-label="Mark"
          className={`${control} max-md:grow`}
        >
          <option value="">New and Renewed</option>
          <option value="new">New only</option>
          <option value="renewed">Renewed only</option>
        </select>
      )}
      {/* The column headings sort too; folded rows have none. */}
      <select
        name="sort"
        key={`${query.sort} ${query.direction}`}
        defaultValue={`${query.direction === 'desc' ? '-' : ''}${query.sort}`}
        aria-label="Order"
        className={`${control} max-md:grow lg:hidden`}
      >
        {ended ? (
          <>
            <option value="-ended">Last ended first</option>
            <option value="ended">First ended first</option>
          </>
        ) : (
          <>
            <option value="expires">Soonest to expire</option>
            <option value="-expires">Last to expire</option>
            <option value="-created">Newest</option>
            <option value="created">Oldest</option>
            <option value="name">{party} A to Z</option>
            <option value="-name">{party} Z to A</option>
          </>
        )}
      </select>
      <Button type="submit">Search</Button>
    </Form>
  )
}

/** The tabs: links, because what a list shows lives in its address. */
export function TokenTabs({
  query,
  counts,
  hrefOf,
}: {
  query: ListQuery
  counts: TokenCounts
  hrefOf: (show: Show) => Route
}) {
  return (
    <nav aria-label="Tokens" className="flex flex-wrap gap-x-1 border-b border-line px-3 text-sm">
      {(Object.keys(titles) as Show[]).map((show) => (
        <Link
          key={show}
          href={hrefOf(show)}
          scroll={false}
          aria-current={show === query.show ? 'page' : undefined}
          className="-mb-px border-b-2 border-transparent px-2.5 py-2 whitespace-nowrap text-soft hover:text-ink aria-[current]:border-accent aria-[current]:font-medium aria-[current]:text-ink"
        >
          {titles[show]} <span className="text-[12.5px] tabular-nums">{countText(counts[show])}</span>
        </Link>
      ))}
    </nav>
  )
}
