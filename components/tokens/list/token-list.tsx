import type { Route } from 'next'
import type { Side } from '#lib/access/actor.ts'
import type { TokenPage } from '#lib/tokens/review/list.ts'
import type { FilterName, ListQuery } from '#lib/tokens/review/list-query.ts'
import type { Tripwire } from '#lib/tokens/review/tripwire.ts'
import { FreezeTokens } from '../../plans/freeze-tokens.tsx'
import type { PlanActions } from '../../plans/plan-actions.ts'
import { Card } from '../../ui/card.tsx'
import { Retirements } from '../details/retirement-forms.tsx'
import { pauseOf } from '../pausing/own-pause.ts'
import type { TokenActions } from '../token-actions.ts'
import { countText } from '../words.ts'
import { Choice } from './choice.tsx'
import { EndedTable } from './ended-table.tsx'
import type { ListLinks } from './list-links.ts'
import type { ListOverview } from './list-overview.ts'
import { NoTokens } from './no-tokens.tsx'
import { type AskForDialog, type OpenedDialog, TokenDialogs } from './token-dialogs.tsx'
import { FilterChips, TokenFilters, TokenTabs, UnreadFilters } from './token-filters.tsx'
import { TokenListFooter } from './token-list-footer.tsx'
import { TokenTable } from './token-table.tsx'
import { TripwireNotice } from './tripwire-notice.tsx'

type Props = {
  side: Side
  title: string
  /** The list's own address, without parameters. */
  list: Route
  query: ListQuery
  /** Filters of the address that are none. */
  unread: { name: FilterName; typed: string }[]
  page: TokenPage
  /** By a token's id, what is said below its name; null: of none. */
  notes: ReadonlyMap<string, string> | null
  /** Null where it is not to be shown. */
  tripwire: Tripwire | null
  overview: ListOverview
  links: ListLinks
  /** The parameters of what is shown. */
  params: [name: string, value: string][]
  /** What the actor may do; null for a viewer. */
  changes: {
    actions: TokenActions
    /** Makes a plan of all that the list holds. */
    freeze: PlanActions['freeze']
    ask: AskForDialog
    /** The dialog that the address opens. */
    opened: OpenedDialog | null
  } | null
}

const formId = 'choice'

/** The tokens of a store or of a partner: the one list that both sides work with. */
export function TokenList({
  side,
  title,
  list,
  query,
  unread,
  page,
  notes,
  tripwire,
  overview,
  links,
  params,
  changes,
}: Props) {
  const choosable = changes !== null && query.show !== 'ended' && page.tokens.length > 0
  const isMoreThanPage = overview.listed.more === 'maybe' || overview.listed.count > page.tokens.length
  const sorting = { query, hrefOf: links.sort }
  const table =
    page.tokens.length === 0 ? (
      <NoTokens side={side} query={query} overview={overview} links={links} />
    ) : query.show === 'ended' ? (
      <EndedTable
        side={side}
        tokens={page.tokens}
        notes={notes}
        list={list}
        caption={title}
        sorting={sorting}
      />
    ) : (
      <TokenTable
        side={side}
        tokens={page.tokens}
        usage={page.usage}
        notes={notes}
        behind={{ list, params }}
        formId={choosable ? formId : null}
        caption={title}
        sorting={sorting}
      />
    )
  const shown = (
    <>
      {tripwire && (
        <TripwireNotice side={side} tripwire={tripwire} list={list} endedHref={links.tab('ended')} />
      )}
      <Card data-wide aria-labelledby="tokens-title">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-1.5 print:border-0">
          <h2 id="tokens-title" className="font-semibold">
            {title}
          </h2>
          <TokenTabs query={query} counts={overview.counts} hrefOf={links.tab} />
          <TokenFilters
            side={side}
            query={query}
            unread={unread}
            overview={overview}
            links={links}
            list={list}
          />
        </div>
        <UnreadFilters unread={unread} />
        <FilterChips query={query} searched={overview.searched} links={links} />
        {choosable ? (
          <Choice
            formId={formId}
            list={list}
            params={params}
            tokenIds={page.tokens.map(({ id }) => id)}
            renewedIds={page.tokens.flatMap(({ id, status }) => (status === 'renewed' ? [id] : []))}
            pausedIds={page.tokens.flatMap((token) => (pauseOf(token, side) ? [token.id] : []))}
          >
            {table}
          </Choice>
        ) : (
          table
        )}
        {choosable && isMoreThanPage && (
          <FreezeTokens
            action={changes.freeze}
            hidden={{ chosen: new URLSearchParams(params).toString() }}
            label={`Select all ${countText(overview.listed)} that match`}
            className="border-t border-line px-4 py-2 print:hidden"
          >
            <p className="mr-auto text-[13px] text-soft">
              To revoke, pause or renew them together. Nothing is done until you confirm it.
            </p>
          </FreezeTokens>
        )}
        <TokenListFooter
          side={side}
          list={list}
          query={query}
          page={page}
          overview={overview}
          links={links}
        />
      </Card>
    </>
  )
  if (!changes) return shown
  const { actions, ask, opened } = changes
  return (
    <TokenDialogs
      side={side}
      list={list}
      params={params}
      actions={{
        revoke: actions.revoke,
        retire: actions.retire,
        renew: actions.renew,
        pause: actions.pause,
        resume: actions.resume,
      }}
      ask={ask}
      given={opened}
    >
      <Retirements actions={actions}>{shown}</Retirements>
    </TokenDialogs>
  )
}
