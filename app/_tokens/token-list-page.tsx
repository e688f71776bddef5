import type { Route } from 'next'
import { TokenList } from '#components/tokens/list/token-list.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { countedTo } from '#components/ui/numbers.ts'
import { type Actor, mayChangeTokens } from '#lib/access/actor.ts'
import { getDatabase } from '#lib/process/database.ts'
import { rowIdSchema } from '#lib/text/row-id.ts'
import { maxChosenTokens } from '#lib/tokens/model/schemas.ts'
import { countExpiringTokens, maxExpiringShown } from '#lib/tokens/review/expiring.ts'
import { listTokens } from '#lib/tokens/review/list.ts'
import {
  firstDirection,
  type ListQuery,
  readListQuery,
  writeListQuery,
} from '#lib/tokens/review/list-query.ts'
import { reviewRevocation } from '#lib/tokens/review/review.ts'
import { reviewRenewal } from '#lib/tokens/review/review-renewal.ts'
import { readTripwire } from '#lib/tokens/review/tripwire.ts'
import { tokensPath } from '../paths.ts'
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
  const query = readListQuery(searchParams)
  const choice = mayChangeTokens(actor) ? readChoice(searchParams) : null
  // A button that was pressed without JavaScript, which would have said so beside it.
  const isAskedForNothing = !choice && searchParams.dialog !== undefined && mayChangeTokens(actor)
  const chosen = choice && choice.ids.length <= maxChosenTokens ? choice : null
  const [page, tripwire, revocation, renewal, expiring] = await Promise.all([
    listTokens(actor, query, { db }),
    // Where ended tokens are listed, each row tells its own.
    query.show === 'ended' ? null : readTripwire(actor, { db }),
    chosen?.to === 'revoke' ? reviewRevocation(actor, chosen.ids, { db }) : null,
    chosen?.to === 'renew' ? reviewRenewal(actor, chosen.ids, { db }) : null,
    actor.side === 'partner' ? countExpiringTokens(actor, { db }) : null,
  ])

  const href = (changed: Partial<ListQuery>) => {
    const params = writeListQuery({ ...query, after: undefined, before: undefined, ...changed })
    return (params.size > 0 ? `${list}?${params}` : list) as Route
  }
  return (
    <>
      {isAskedForNothing && (
        <Notice kind="warn" role="alert" className="mb-5">
          Select at least one token first.
        </Notice>
      )}
      {choice && !chosen && (
        <Notice kind="warn" role="alert" className="mb-5">
          Select {maxChosenTokens} tokens at most: the dialog names each of them.
        </Notice>
      )}
      {actor.role === 'viewer' && (
        <p className="mb-4 text-sm text-soft">
          You may see these tokens. Renewing and revoking them takes an owner or an administrator.
        </p>
      )}
      <TokenList
        side={actor.side}
        title={title}
        list={list}
        query={query}
        page={page}
        tripwire={tripwire}
        expiring={countedTo(maxExpiringShown, expiring ?? 0)}
        params={[...writeListQuery(query)]}
        links={{
          tab: (show) => {
            const fresh = readListQuery({ show, search: query.search })
            return href(fresh)
          },
          sort: (sort) =>
            href({ sort, direction: sort === query.sort ? opposite[query.direction] : firstDirection(sort) }),
          page: (way, cursor) => href({ [way]: cursor }),
          everything: href({ search: undefined, mark: undefined }),
          firstPage: href({}),
        }}
        changes={
          mayChangeTokens(actor)
            ? { actions: tokenActionsOf(actor), revocation, renewal, maxChosen: maxChosenTokens }
            : null
        }
      />
    </>
  )
}

const opposite = { asc: 'desc', desc: 'asc' } as const

type Choice = { to: 'revoke' | 'renew'; ids: string[] }

/**
 * What the address chooses, as `revoke=…`, `renew=…`, or `chosen=…` with `dialog=renew`. What is not an id of a token
 * is nobody's token; null where nothing is chosen.
 */
function readChoice({ revoke, renew, chosen, dialog }: Props['searchParams']): Choice | null {
  const ticked = idsIn(chosen)
  const choices: Choice[] = [
    { to: 'revoke', ids: idsIn(revoke) },
    { to: 'renew', ids: idsIn(renew) },
    { to: dialog === 'renew' ? 'renew' : 'revoke', ids: dialog === undefined ? [] : ticked },
  ]
  return choices.find(({ ids }) => ids.length > 0) ?? null
}

function idsIn(values: string | string[] | undefined): string[] {
  const read = [values ?? []].flat().map((id) => rowIdSchema.safeParse(id))
  return [...new Set(read.flatMap(({ data }) => data ?? []))]
}
