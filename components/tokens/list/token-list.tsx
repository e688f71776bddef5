import type { Route } from 'next'
import { Link } from '#components/ui/link.tsx'
import type { Side } from '#lib/access/actor.ts'
import { expiringWithinDays } from '#lib/tokens/limits.ts'
import type { TokenCounts } from '#lib/tokens/review/counts.ts'
import type { TokenPage } from '#lib/tokens/review/list.ts'
import type { ListQuery, Show, Sort } from '#lib/tokens/review/list-query.ts'
import type { RevocationReview } from '#lib/tokens/review/review.ts'
import type { RenewalReview } from '#lib/tokens/review/review-renewal.ts'
import type { Tripwire } from '#lib/tokens/review/tripwire.ts'
import { ButtonLink } from '../../ui/button-link.tsx'
import { Card } from '../../ui/card.tsx'
import { Retirements } from '../details/retirement-forms.tsx'
import { Renewal } from '../renewal/renewal.tsx'
import { TokensToRenew } from '../renewal/renewal-review.tsx'
import { Revocation } from '../revocation/revocation.tsx'
import { retireDialogOf, revokeDialogOf } from '../revocation/revocation-review.tsx'
import type { TokenActions } from '../token-actions.ts'
import { ChoiceBar } from './choice-bar.tsx'
import { TokenFilters, TokenTabs } from './token-filters.tsx'
import { TokenTable } from './token-table.tsx'
import { TripwireNotice } from './tripwire-notice.tsx'

/** Addresses of the same list that show something else of it. */
export type ListLinks = {
  tab: (show: Show) => Route
  sort: (sort: Sort) => Route
  page: (way: 'after' | 'before', cursor: string) => Route
  /** Without search and filter. */
  everything: Route
  firstPage: Route
}

type Props = {
  side: Side
  title: string
  /** The list's own address, without parameters. */
  list: Route
  query: ListQuery
  page: TokenPage
  /** Null where it is not to be shown. */
  tripwire: Tripwire | null
  counts: TokenCounts
  links: ListLinks
  /** The parameters of what is shown. */
  params: [name: string, value: string][]
  /** What the actor may do; null for a viewer. */
  changes: {
    actions: TokenActions
    /** What the dialogs that the address opens are about. */
    revocation: RevocationReview | null
    retirement: RevocationReview | null
    renewal: RenewalReview | null
  } | null
}

const formId = 'choice'

/** The tokens of a store or of a partner: the one list that both sides work with. */
export function TokenList({
  side,
  title,
  list,
  query,
  page,
  tripwire,
  counts,
  links,
  params,
  changes,
}: Props) {
  const choosable = changes !== null && query.show !== 'ended' && page.tokens.length > 0
  const shown = (
    <>
      {tripwire && (
        <TripwireNotice side={side} tripwire={tripwire} list={list} endedHref={links.tab('ended')} />
      )}
      <Card aria-labelledby="tokens-title">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-3 px-4 py-3.5">
          <h2 id="tokens-title" className="mr-auto text-base font-semibold">
            {title}
          </h2>
          <TokenFilters side={side} query={query} list={list} />
        </div>
        <TokenTabs query={query} counts={counts} hrefOf={links.tab} />
        {page.tokens.length === 0 ? (
          <NoTokens side={side} query={query} links={links} />
        ) : (
          <TokenTable
            side={side}
            tokens={page.tokens}
            usage={page.usage}
            query={query}
            list={list}
            formId={choosable ? formId : null}
            caption={title}
            sortHref={links.sort}
          />
        )}
        {(page.previous || page.next) && (
          <nav
            aria-label="Pages"
            className="flex flex-wrap justify-between gap-3 border-t border-line px-4 py-3"
          >
            {page.previous ? (
              <ButtonLink href={links.page('before', page.previous)}>Previous page</ButtonLink>
            ) : (
              <span />
            )}
            {page.next && <ButtonLink href={links.page('after', page.next)}>Next page</ButtonLink>}
          </nav>
        )}
        {choosable && (
          <ChoiceBar
            formId={formId}
            list={list}
            params={params}
            tokensOnPage={page.tokens.map(({ id, status }) => ({
              id,
              canBeRenewed: status === 'renewed' ? 'no' : 'yes',
            }))}
          />
        )}
      </Card>
    </>
  )
  return (
    <>
      {changes && (
        <>
          <Revocation
            side={side}
            action={changes.actions.revoke}
            list={list}
            params={params}
            dialog={changes.revocation && revokeDialogOf(side, changes.revocation, list)}
          />
          <Revocation
            side={side}
            action={changes.actions.retire}
            list={list}
            params={params}
            dialog={changes.retirement && retireDialogOf(side, changes.retirement)}
          />
          <Renewal
            side={side}
            action={changes.actions.renew}
            list={list}
            params={params}
            dialog={changes.renewal && renewDialogOf(side, changes.renewal, list)}
          />
        </>
      )}
      {changes ? (
        <Retirements list={list} params={params} actions={changes.actions}>
          {shown}
        </Retirements>
      ) : (
        shown
      )}
    </>
  )
}

function renewDialogOf(side: Side, review: RenewalReview, list: Route) {
  const { renewable, leftOut, bounds, now } = review
  const tokens = [...renewable, ...leftOut.map(({ token }) => token)]
  return {
    kind: renewable.length > 0 ? ('renew' as const) : ('nothing-left' as const),
    // In an order that a renewal does not change.
    tokenIds: tokens.map(({ id }) => id).sort(),
    count: renewable.length,
    review: <TokensToRenew side={side} review={review} list={list} />,
    bounds,
    now,
  }
}

/** An empty list says why it is empty, and the way out of it. */
function NoTokens({ side, query, links }: Pick<Props, 'side' | 'query' | 'links'>) {
  const [text, way] = emptiness(side, query, links)
  return (
    <div className="grid justify-items-center gap-2 px-4 py-12 text-center">
      <p className="text-soft wrap-anywhere">{text}</p>
      {way && (
        <Link href={way.href} scroll={false} className="font-medium text-accent underline underline-offset-4">
          {way.title}
        </Link>
      )}
    </div>
  )
}

type WayOut = { href: Route; title: string } | null

function emptiness(side: Side, query: ListQuery, links: ListLinks): [text: string, way: WayOut] {
  if (query.after || query.before)
    return ['This page of the list is empty.', { href: links.firstPage, title: 'First page' }]
  if (query.search) {
    const party = side === 'merchant' ? 'partner' : 'store'
    return [
      `No ${party} here has “${query.search}” in its name or ID.`,
      { href: links.everything, title: 'Show all' },
    ]
  }
  if (query.mark) return ['No token here has this mark.', { href: links.everything, title: 'Show all' }]
  switch (query.show) {
    case 'active':
      return side === 'merchant'
        ? ['No partner has a valid token for this store.', null]
        : ['You have no valid token for any store. A store issues one when it adds you.', null]
    case 'expiring':
      return [`No token expires within the next ${expiringWithinDays} days.`, null]
    case 'ended':
      return ['No token has been revoked or has expired.', null]
  }
}
