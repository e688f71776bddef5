import type { Route } from 'next'
import type { Side } from '#lib/access/actor.ts'
import { expiringWithinDays } from '#lib/tokens/limits.ts'
import type { ListQuery } from '#lib/tokens/review/list-query.ts'
import type { SearchKind } from '#lib/tokens/review/search.ts'
import { helpPath } from '../../help/help-path.ts'
import { ButtonLink } from '../../ui/button-link.tsx'
import { Link } from '../../ui/link.tsx'
import { countText } from '../words.ts'
import { setFilters, tabNames } from './filter-names.ts'
import type { ListLinks } from './list-links.ts'
import type { ListOverview } from './list-overview.ts'

type Props = { side: Side; query: ListQuery; overview: ListOverview; links: ListLinks }

/** An empty list says why it is empty, and the way out of it. */
export function NoTokens({ side, query, overview, links }: Props) {
  const { elsewhere, addPartner } = overview
  const { text, ways, help } = emptiness({ side, query, overview, links })
  return (
    <div className="grid justify-items-center gap-3 px-4 py-12 text-center">
      <p className="max-w-prose text-soft wrap-anywhere">{text}</p>
      {addPartner && (help === 'first-use' || help === 'none-left') && (
        <ButtonLink look="primary" href={addPartner} className="max-sm:min-h-11">
          Add New Partner
        </ButtonLink>
      )}
      <p className="flex flex-wrap justify-center gap-x-5 gap-y-1">
        {elsewhere.map(({ show, count }) => (
          <Way key={show} href={links.tab(show)}>
            {countText(count)} in {tabNames[show]}
          </Way>
        ))}
        {ways.map(({ href, title }) => (
          <Way key={title} href={href}>
            {title}
          </Way>
        ))}
        {help === 'first-use' && <Way href={helpPath(side, 'token')}>What is a token?</Way>}
      </p>
    </div>
  )
}

function Way({ href, children }: { href: Route; children: React.ReactNode }) {
  return (
    <Link
      href={href}
      scroll={false}
      className="inline-flex min-h-7 items-center font-medium text-accent underline underline-offset-4 max-sm:min-h-11"
    >
      {children}
    </Link>
  )
}

type Emptiness = {
  text: string
  ways: { href: Route; title: string }[]
  /** Nobody has ever had a token here, or nobody has one any more. */
  help?: 'first-use' | 'none-left'
}

function emptiness({ side, query, overview: { counts, searched }, links }: Props): Emptiness {
  const showAll = [{ href: links.everything, title: 'Show all' }]
  if (query.after || query.before)
    return {
      text: 'This page of the list is empty.',
      ways: [{ href: links.firstPage, title: 'First page' }],
    }
  const filters = setFilters(query).map(({ name }) => name)
  if (query.search && searched) {
    const within = filters.length > 0 ? ` Looked for among: ${filters.join(', ')}.` : ''
    return { text: `${nothingFound(side, searched, query.search)}${within}`, ways: showAll }
  }
  if (filters.length === 1 && query.found)
    return { text: 'No token of this list was found in the text.', ways: showAll }
  if (filters.length > 0) return { text: `No token here fits: ${filters.join(', ')}.`, ways: showAll }
  switch (query.show) {
    case 'active':
      return noneValid(side, counts.ended.count === 0 ? 'first-use' : 'none-left', links)
    case 'expiring':
      return { text: `No token expires within the next ${expiringWithinDays} days.`, ways: [] }
    case 'ended':
      return { text: 'No token has been revoked or has expired.', ways: [] }
  }
}

function noneValid(side: Side, help: 'first-use' | 'none-left', links: ListLinks): Emptiness {
  const ways = help === 'none-left' ? [{ href: links.tab('ended'), title: 'Show what has ended' }] : []
  if (side === 'partner') {
    const text = 'You have no valid token for any store. A store issues one when it adds you.'
    return { text, ways, help }
  }
  return help === 'first-use'
    ? {
        text: 'Partners, such as a shipping service, need a token to read this store’s orders.',
        ...{ ways, help },
      }
    : { text: 'No partner has a valid token for this store.', ways, help }
}

/** In words that fit what was looked for. */
export function nothingFound(side: Side, searched: SearchKind, search: string): string {
  const party = side === 'merchant' ? 'partner' : 'store'
  switch (searched) {
    case 'party':
      return `No ${party} here has “${search}” in its name or ID.`
    case 'party-or-last-characters':
      return `No ${party} here has “${search}” in its name or ID, and no token here ends in “${search}”.`
    case 'last-characters':
      return `No token here ends in “${search.replace(/^[….]+/, '')}”.`
    case 'token':
      return 'The token that you pasted is not here.'
    case 'id':
      return `No token here has the ID “${search}”.`
    case 'address':
      return `No token here was used from the address “${search}” last.`
  }
}
