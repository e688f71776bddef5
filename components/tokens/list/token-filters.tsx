import type { Route } from 'next'
import Form from 'next/form'
import { Link } from '#components/ui/link.tsx'
import type { Side } from '#lib/access/actor.ts'
import type { TokenCounts } from '#lib/tokens/review/counts.ts'
import type { FilterName, ListQuery, Show } from '#lib/tokens/review/list-query.ts'
import type { OfferedFilters } from '#lib/tokens/review/offered-filters.ts'
import type { SearchKind } from '#lib/tokens/review/search.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { apiNames, countText, otherPartyTitle } from '../words.ts'
import {
  byNames,
  endNames,
  endReasonNames,
  filterTitles,
  markNames,
  orderNames,
  setFilters,
  tabNames,
  unreadText,
  useNames,
  viewNames,
} from './filter-names.ts'
import type { ListLinks } from './list-links.ts'
import type { ListOverview } from './list-overview.ts'
import { SearchField } from './search-field.tsx'

const control = 'min-h-9 rounded-lg border border-control px-2.5 text-sm max-sm:min-h-11'
/** Of the open panel, on its ground. */
const field = `${control} w-full min-w-0 bg-card text-ink`
const maxSearchLength = 100

/** Search, filter and order of a list; all of it goes into the address. */
export function TokenFilters({
  side,
  query,
  unread,
  overview: { searched, offered },
  links,
  list,
}: {
  side: Side
  query: ListQuery
  unread: Unread
  overview: Pick<ListOverview, 'searched' | 'offered'>
  links: Pick<ListLinks, 'filters' | 'view'>
  list: Route
}) {
  const orders = orderNames(side, query.show)
  const [[usualOrder] = ['']] = orders
  const order = `${query.direction === 'desc' ? '-' : ''}${query.sort}`
  return (
    <Form
      prefetch={false}
      action={list}
      role="search"
      scroll={false}
      className="flex flex-wrap items-center justify-end gap-2 max-md:w-full data-open:w-full print:hidden"
      data-open={offered ? '' : undefined}
    >
      {query.show !== 'active' && <input type="hidden" name="show" value={query.show} />}
      <SearchField
        list={list}
        value={(searched !== 'token' && query.search) || ''}
        label={`${otherPartyTitle[side]}, ID or last characters`}
        maxLength={maxSearchLength}
        className={`${control} w-64 bg-ground max-md:w-0 max-md:min-w-28 max-md:grow`}
      />
      <Button type="submit" className="max-sm:min-h-11 max-sm:px-2.5">
        Search
      </Button>
      <Link
        href={links.filters}
        scroll={false}
        aria-expanded={offered !== null}
        className={`${control} inline-flex items-center gap-1.5 bg-ground font-medium text-ink sm:px-3.5`}
      >
        <span>Filter</span>
        <span aria-hidden="true" className={`text-soft ${offered ? 'rotate-180' : ''}`}>
          ▾
        </span>
      </Link>
      {offered ? (
        <div className="grid w-full gap-3 rounded-lg border border-line bg-ground p-3">
          <input type="hidden" name="filters" value="open" />
          {query.found && <input type="hidden" name="found" value={query.found} />}
          <Views views={offered.views} hrefOf={links.view} />
          <div className="grid grid-cols-[repeat(auto-fit,minmax(7.5rem,1fr))] sm:grid-cols-[repeat(auto-fit,minmax(10rem,1fr))] items-end gap-3">
            <Fields query={query} unread={unread} offered={offered} />
            <Choice
              name="sort"
              title="Order"
              value={order === usualOrder ? '' : order}
              options={orders.map(([of, name]) => [of === usualOrder ? '' : of, name])}
            />
            <Button type="submit" className="max-sm:min-h-11">
              Apply
            </Button>
          </div>
        </div>
      ) : (
        <Kept query={query} order={order === usualOrder ? '' : order} />
      )}
    </Form>
  )
}

/** What is set stays set where somebody searches while the filters are closed. */
function Kept({ query, order }: { query: ListQuery; order: string }) {
  const set = Object.keys(filterTitles).flatMap((name) => {
    const value = query[name as FilterName]
    return value ? [[name, `${value}`] as const] : []
  })
  return [...set, ...(order ? [['sort', order] as const] : [])].map(([name, value]) => (
    <input key={name} type="hidden" name={name} value={value} />
  ))
}

function Views({ views, hrefOf }: { views: OfferedFilters['views']; hrefOf: ListLinks['view'] }) {
  if (views.length === 0) return null
  return (
    <nav aria-label="Views" className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
      {views.map(({ view, count }) => (
        <Link
          key={view}
          href={hrefOf(view)}
          scroll={false}
          className="inline-flex min-h-7 items-center gap-1.5 text-accent underline underline-offset-4 max-sm:min-h-11"
        >
          {viewNames[view]}
          <span className="text-[12.5px] text-soft tabular-nums">{countText(count)}</span>
        </Link>
      ))}
    </nav>
  )
}

function Fields({
  query,
  unread,
  offered: { choices },
}: {
  query: ListQuery
  unread: Unread
  offered: OfferedFilters
}) {
  const typed = { query, unread }
  const choice = (name: keyof typeof choiceNames) => {
    const { all, names } = choiceNames[name]
    const options = Object.entries(names).map(([of, text]): [string, string] => {
      const count = choices[name]?.[of]
      return [of, count ? `${text} (${countText(count)})` : text]
    })
    return <Choice name={name} title={filterTitles[name]} value={query[name]} all={all} options={options} />
  }
  if (query.show === 'ended')
    return (
      <>
        {choice('by')}
        {choice('reason')}
      </>
    )
  return (
    <>
      {choice('use')}
      <Typed name="quiet" {...typed} />
      {choice('mark')}
      {choice('api')}
      {choice('ends')}
      <Typed name="lasts" {...typed} />
      <Typed name="issued" {...typed} />
    </>
  )
}

/** `all`: what the list shows where nothing is chosen. */
const choiceNames = {
  use: { all: 'Any', names: useNames },
  mark: { all: 'New and Renewed', names: markNames },
  api: { all: 'Any API', names: apiNames },
  ends: { all: 'At any time', names: endNames },
  by: { all: 'Anybody', names: byNames },
  reason: { all: 'For any reason', names: endReasonNames },
}

type Unread = { name: FilterName; typed: string }[]

/** A number of days or a day. What could not be read stays as it was typed, with what is wrong with it. */
function Typed({
  name,
  query,
  unread,
}: {
  name: 'quiet' | 'lasts' | 'issued'
  query: ListQuery
  unread: Unread
}) {
  const wrong = unread.find((one) => one.name === name)
  const value = `${wrong?.typed ?? query[name] ?? ''}`
  return (
    <label className="grid min-w-0 gap-1 text-[13px] text-soft">
      {filterTitles[name]}
      <input
        key={value}
        name={name}
        // A date input shows no text that is no day: it would be lost.
        {...(name !== 'issued'
          ? { inputMode: 'numeric', maxLength: 10 }
          : wrong
            ? { maxLength: 100 }
            : { type: 'date', min: '0001-01-01', max: '9999-12-31' })}
        defaultValue={value}
        aria-invalid={wrong ? true : undefined}
        aria-describedby={wrong ? `${name}-wrong` : undefined}
        className={`${field} aria-invalid:border-danger`}
      />
      {wrong && (
        <span id={`${name}-wrong`} className="text-danger wrap-anywhere">
          {unreadText(wrong)}
        </span>
      )}
    </label>
  )
}

/** What of the address could not be read: said above the list, which shows the tokens without it. */
export function UnreadFilters({ unread }: { unread: Unread }) {
  if (unread.length === 0) return null
  return (
    <Notice kind="warn" role="alert" className="mx-4 my-2 wrap-anywhere">
      {unread.map((one) => (
        <p key={one.name}>{unreadText(one)}</p>
      ))}
      <p>The list is shown without it. All else that you asked for is kept.</p>
    </Notice>
  )
}

function Choice({
  name,
  title,
  value = '',
  all,
  options,
}: {
  name: string
  title: string
  value?: string | undefined
  /** What the list shows where nothing is chosen; without it something always is. */
  all?: string
  options: [value: string, name: string][]
}) {
  return (
    <label className="grid min-w-0 gap-1 text-[13px] text-soft">
      {title}
      <select key={value} name={name} defaultValue={value} className={`${field} pr-0! pl-1.5!`}>
        {all && <option value="">{all}</option>}
        {options.map(([of, text]) => (
          <option key={of} value={of}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}

/** What the list is narrowed by, each with a way to take it away; nothing where it is by nothing. */
export function FilterChips({
  query,
  searched,
  links,
}: {
  query: ListQuery
  searched: SearchKind | null
  links: Pick<ListLinks, 'changed' | 'everything'>
}) {
  const { search } = query
  const set = [
    ...(search
      ? [
          {
            name: searched === 'token' ? 'The token that you pasted' : `“${search}”`,
            without: { search: undefined },
          },
        ]
      : []),
    ...setFilters(query),
  ]
  if (set.length === 0) return null
  return (
    <ul
      aria-label="Shown only"
      className="flex flex-wrap items-center gap-2 px-4 py-2 text-[13px] print:hidden"
    >
      {set.map(({ name, without }) => (
        <li key={name}>
          <Link
            href={links.changed(without)}
            scroll={false}
            className="inline-flex min-h-7 items-center gap-1.5 rounded-full border border-control px-2.5 wrap-anywhere hover:bg-ground max-sm:min-h-11"
          >
            <span className="sr-only">Take away: </span>
            <bdi>{name}</bdi>
            <span aria-hidden="true" className="text-soft">
              ✕
            </span>
          </Link>
        </li>
      ))}
      {set.length > 1 && (
        <li>
          <Link
            href={links.everything}
            scroll={false}
            className="inline-flex min-h-7 items-center text-accent underline underline-offset-4 max-sm:min-h-11"
          >
            Show all
          </Link>
        </li>
      )}
    </ul>
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
    <nav aria-label="Tokens" className="mr-auto flex flex-wrap gap-x-1 text-sm max-lg:w-full print:hidden">
      {(Object.keys(tabNames) as Show[]).map((show) => (
        <Link
          key={show}
          href={hrefOf(show)}
          scroll={false}
          aria-current={show === query.show ? 'page' : undefined}
          className="rounded-lg px-2.5 py-1.5 -outline-offset-2 whitespace-nowrap text-soft hover:text-ink aria-[current]:bg-accent-soft aria-[current]:font-medium aria-[current]:text-accent max-sm:py-3"
        >
          {tabNames[show]} <span className="text-[12.5px] tabular-nums">{countText(counts[show])}</span>
        </Link>
      ))}
    </nav>
  )
}
