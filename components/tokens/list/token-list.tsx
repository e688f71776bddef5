import type { Route } from 'next'
import type { Side } from '#lib/access/actor.ts'
import type { TokenPage } from '#lib/tokens/review/list.ts'
import type { ListQuery } from '#lib/tokens/review/list-query.ts'
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
import type { ListLinks } from './list-links.ts'
import type { ListOverview } from './list-overview.ts'
import { ListTotal } from './list-total.tsx'
import { NoTokens } from './no-tokens.tsx'
import { FilterChips, TokenFilters, TokenTabs } from './token-filters.tsx'
import { TokenTable } from './token-table.tsx'
import { TripwireNotice } from './tripwire-notice.tsx'

type Props = {
  side: Side
  title: string
  /** The list's own address, without parameters. */
  list: Route
  query: ListQuery
  page: TokenPage
  /** Null where it is not to be shown. */
  tripwire: Tripwire | null
  overview: ListOverview
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
  overview,
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
          <TokenFilters side={side} query={query} searched={overview.searched} list={list} />
        </div>
        <TokenTabs query={query} counts={overview.counts} hrefOf={links.tab} />
        <FilterChips query={query} searched={overview.searched} links={links} />
        {page.tokens.length === 0 ? (
          <NoTokens side={side} query={query} overview={overview} links={links} />
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
        <div className="flex flex-wrap items-center justify-between gap-3 border-t border-line px-4 py-3">
          <ListTotal side={side} query={query} shown={page.tokens.length} overview={overview} />
          {(page.previous || page.next) && (
            <nav aria-label="Pages" className="flex flex-wrap gap-3">
              {page.previous && (
                <ButtonLink href={links.page('before', page.previous)}>Previous page</ButtonLink>
              )}
              {page.next && <ButtonLink href={links.page('after', page.next)}>Next page</ButtonLink>}
            </nav>
          )}
        </div>
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
