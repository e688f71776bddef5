import type { Route } from 'next'
import { redirect } from 'next/navigation'
import { FindSummary, placeText } from '#components/finds/find-summary.tsx'
import type { ListOverview } from '#components/tokens/list/list-overview.ts'
import { TokenList } from '#components/tokens/list/token-list.tsx'
import { type ChosenStep, chosenSteps, dialogIn, hrefOfDialog } from '#components/tokens/token-dialog.ts'
import { Notice } from '#components/ui/notice.tsx'
import { type Actor, mayChangeTokens } from '#lib/access/actor.ts'
import { placesOf, readFind } from '#lib/finds/read.ts'
import { getDatabase } from '#lib/process/database.ts'
import { rowIdSchema } from '#lib/text/row-id.ts'
import { maxChosenTokens } from '#lib/tokens/limits.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import { countOwnTokens, type TokenCounts } from '#lib/tokens/review/counts.ts'
import { countListed, listTokens } from '#lib/tokens/review/list.ts'
import {
  firstDirection,
  isFiltered,
  type ListQuery,
  noFilters,
  readListQuery,
  type Show,
  unreadFilters,
  writeListQuery,
} from '#lib/tokens/review/list-query.ts'
import { countOffered, views } from '#lib/tokens/review/offered-filters.ts'
import { readSearch } from '#lib/tokens/review/search.ts'
import { readTripwire } from '#lib/tokens/review/tripwire.ts'
import { openDialogOf } from '../_actions/token-dialogs.ts'
import { planActionsOf } from '../_plans/plan-actions.ts'
import { boundParty } from '../bound-party.ts'
import { addPartnerPath, csvPath, findPath, tokensPath } from '../paths.ts'
import { openedDialog } from './opened-dialog.ts'
import { tokenActionsOf } from './token-actions.ts'

type Props = {
  actor: Actor
  title: string
  searchParams: Record<string, string | string[] | undefined>
}

/** The list of tokens of either side, as its address describes it, with the dialog that it opens for a choice. */
export async function TokenListPage({ actor, title, searchParams }: Props) {
  const list = tokensPath(actor)
  const db = getDatabase()
  const query = readListQuery(searchParams, actor.side)
  const params = [...writeListQuery(query, actor.side)]
  const unread = unreadFilters(searchParams)
  const isOpen = searchParams.filters === 'open' || unread.length > 0
  const mayChange = mayChangeTokens(actor)
  const pressed = mayChange ? readPressed(searchParams) : null
  if (pressed && pressed.tokenIds.length > 0) redirect(hrefOfDialog({ list, params }, pressed))
  const inAddress = dialogIn({ getAll: (name) => [searchParams[name] ?? []].flat() })
  const tokenIds = tokenIdsIn(inAddress?.tokenIds)
  const asked = mayChange && inAddress && tokenIds.length > 0 ? inAddress : null
  // A button that was pressed without JavaScript, which would have said so beside it.
  const isAskedForNothing = pressed !== null
  const dialog = asked && tokenIds.length <= maxChosenTokens ? asked : null
  const [page, tripwire, opened, overview, offered, find] = await Promise.all([
    listTokens(actor, query, { db }),
    // Where ended tokens are listed, each row tells its own.
    query.show === 'ended' ? null : readTripwire(actor, { db }),
    dialog && openedDialog(actor, { asked: dialog, tokenIds }, { db }),
    overviewOf(actor, query),
    isOpen ? countOffered(actor, query, { db }) : null,
    query.found ? readFind(actor, query.found, { db }) : null,
  ])

  const withoutPlace = params.filter(([name]) => name !== 'after' && name !== 'before')
  const href = (changed: Partial<ListQuery>) => {
    const params = writeListQuery({ ...query, after: undefined, before: undefined, ...changed }, actor.side)
    return addressOf(params)
  }
  const addressOf = (params: URLSearchParams) => (params.size > 0 ? `${list}?${params}` : list) as Route
  const withFilters = writeListQuery(query, actor.side)
  withFilters.set('filters', 'open')
  return (
    <>
      {query.found && (
        <FindSummary
          find={find}
          arrival={searchParams.was === 'found' ? 'now' : 'later'}
          findHref={findPath(actor)}
        />
      )}
      {isAskedForNothing && (
        <Notice kind="warn" role="alert" className="mb-5">
          Select at least one token first.
        </Notice>
      )}
      {asked && !dialog && (
        <Notice kind="warn" role="alert" className="mb-5">
          Select {maxChosenTokens} tokens at most: the dialog names each of them.
        </Notice>
      )}
      {actor.role === 'viewer' && (
        <p className="mb-4 text-sm text-soft">
          You may see these tokens. Renewing, pausing and revoking them takes an owner or an administrator.
        </p>
      )}
      <TokenList
        side={actor.side}
        title={title}
        list={list}
        query={query}
        unread={unread}
        page={page}
        notes={find ? await notesOf(actor, find.id, page.tokens) : null}
        tripwire={tripwire}
        overview={{
          ...{ ...overview, offered },
          elsewhere: page.tokens.length === 0 ? await foundElsewhere(actor, query) : [],
        }}
        params={params}
        links={{
          tab: (show) => {
            const fresh = readListQuery({ show, search: query.search, found: query.found }, actor.side)
            return href(fresh)
          },
          sort: (sort) =>
            href({ sort, direction: sort === query.sort ? opposite[query.direction] : firstDirection(sort) }),
          page: (way, cursor) => href({ [way]: cursor }),
          changed: href,
          filters: isOpen ? href({ after: query.after, before: query.before }) : addressOf(withFilters),
          view: (view) =>
            addressOf(writeListQuery({ ...readListQuery({}, actor.side), ...views[view] }, actor.side)),
          everything: href({ ...noFilters, search: undefined }),
          firstPage: href({}),
          csv: csvPath(actor, 'tokens', withoutPlace),
        }}
        changes={
          mayChange
            ? {
                actions: tokenActionsOf(actor),
                freeze: planActionsOf(actor).freeze,
                ask: openDialogOf.bind(null, boundParty(actor)),
                opened,
              }
            : null
        }
      />
    </>
  )
}

/** How many tokens there are, of what is shown and of all else; what the search was understood as. */
async function overviewOf(
  actor: Actor,
  query: ListQuery,
): Promise<Omit<ListOverview, 'elsewhere' | 'offered'>> {
  const db = getDatabase()
  const isNarrowed = query.search !== undefined || isFiltered(query)
  const [counts, found] = await Promise.all([
    query.found ? countFound(actor, query.found) : countOwnTokens(actor, { db }),
    isNarrowed ? countListed(actor, query, { db }) : null,
  ])
  return {
    ...{ counts, listed: found ?? counts[query.show] },
    searched: query.search === undefined ? null : readSearch(query.search).kind,
    addPartner: actor.side === 'merchant' && mayChangeTokens(actor) ? addPartnerPath(actor.storeId) : null,
  }
}

/** Of what was found in a text, how many tokens each tab holds. */
async function countFound(actor: Actor, found: string): Promise<TokenCounts> {
  const db = getDatabase()
  const of = (show: Show) => countListed(actor, readListQuery({ found, show }, actor.side), { db })
  const [all, active, expiring, ended] = await Promise.all([
    countOwnTokens(actor, { db }),
    of('active'),
    of('expiring'),
    of('ended'),
  ])
  return { ...all, active, expiring, ended }
}

/** By the ids of tokens that were found in a text: how and where. */
async function notesOf(actor: Actor, findId: string, tokens: Token[]): Promise<Map<string, string>> {
  const ids = tokens.map(({ id }) => id)
  const places = await placesOf(actor, findId, ids, { db: getDatabase() })
  return new Map([...places].map(([id, place]) => [id, placeText(place)]))
}

/** A token that was searched for may have ended, or live on: the other of the two lists is asked where one has nothing. */
async function foundElsewhere(
  actor: Actor,
  { search, found, show }: ListQuery,
): Promise<ListOverview['elsewhere']> {
  if (search === undefined && found === undefined) return []
  const other = show === 'ended' ? 'active' : 'ended'
  const count = await countListed(actor, readListQuery({ search, found, show: other }, actor.side), {
    db: getDatabase(),
  })
  return count.count > 0 ? [{ show: other, count }] : []
}

const opposite = { asc: 'desc', desc: 'asc' } as const

type Pressed = { to: ChosenStep; tokenIds: string[] }

/** Which button was pressed without JavaScript, where a form cannot name its ticks after the button. Null: none. */
function readPressed({ dialog, tokenId }: Props['searchParams']): Pressed | null {
  if (dialog === undefined) return null
  const to = chosenSteps.find((step) => step === dialog) ?? 'revoke'
  return { to, tokenIds: tokenIdsIn(tokenId) }
}

/** What is not the id of a token is nobody's token. */
function tokenIdsIn(values: string | readonly string[] | undefined): string[] {
  const read = [values ?? []].flat().map((id) => rowIdSchema.safeParse(id))
  return [...new Set(read.flatMap(({ data }) => data ?? []))]
}
