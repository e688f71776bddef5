import type { Route } from 'next'
import { Link } from '#components/ui/link.tsx'
import type { Side } from '#lib/access/actor.ts'
import type { TokenPage } from '#lib/tokens/review/list.ts'
import type { ListQuery } from '#lib/tokens/review/list-query.ts'
import { helpPath } from '../../help/help-path.ts'
import { ButtonLink } from '../../ui/button-link.tsx'
import { CsvLink } from '../../ui/csv-link.tsx'
import type { ListLinks } from './list-links.ts'
import type { ListOverview } from './list-overview.ts'
import { ListTotal } from './list-total.tsx'

/** Below the rows: how many there are, what the states mean, and the ways to the pages around. */
export function TokenListFooter({
  side,
  list,
  query,
  page: { tokens, previous, next },
  overview,
  links,
}: {
  side: Side
  /** The list's own address, without parameters. */
  list: Route
  query: ListQuery
  page: TokenPage
  overview: ListOverview
  links: Pick<ListLinks, 'page' | 'csv'>
}) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line px-4 py-2 text-[13px] text-soft">
      <ListTotal side={side} query={query} shown={tokens.length} overview={overview} />
      <Link
        href={helpPath(side, 'states')}
        className="py-1 text-accent underline underline-offset-4 max-sm:py-3 print:hidden"
      >
        What do these states mean?
      </Link>
      <Link
        href={`${list}/find` as Route}
        className="py-1 text-accent underline underline-offset-4 max-sm:py-3 print:hidden"
      >
        Find in a text
      </Link>
      <Link
        href={`${list}/plans` as Route}
        className="py-1 text-accent underline underline-offset-4 max-sm:py-3 print:hidden"
      >
        Plans
      </Link>
      {tokens.length > 0 && <CsvLink href={links.csv} />}
      {(previous || next) && (
        <nav aria-label="Pages" className="ml-auto flex flex-wrap gap-3 print:hidden">
          {previous && <ButtonLink href={links.page('before', previous)}>Previous page</ButtonLink>}
          {next && <ButtonLink href={links.page('after', next)}>Next page</ButtonLink>}
        </nav>
      )}
    </div>
  )
}
