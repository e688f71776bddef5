import type { Route } from 'next'
import type { RevokeAction } from '#components/tokens/revoke-state.ts'
import { TokenList } from '#components/tokens/token-list.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { type Actor, mayChangeTokens } from '#lib/auth/actor.ts'
import { getDatabase } from '#lib/database.ts'
import { countExpiringTokens } from '#lib/tokens/expiring.ts'
import { listTokens } from '#lib/tokens/list.ts'
import { firstDirection, type ListQuery, readListQuery, writeListQuery } from '#lib/tokens/list-query.ts'
import { reviewRevocation } from '#lib/tokens/review.ts'
import { maxChosenTokens, tokenIdSchema } from '#lib/tokens/schemas.ts'
import { readTripwire } from '#lib/tokens/tripwire.ts'

type Props = {
  actor: Actor
  title: string
  /** The list's own address, without parameters. */
  list: Route
  searchParams: Record<string, string | string[] | undefined>
  revokeAction: RevokeAction
}

/** The list of tokens of either side, as its address describes it, with the revoke dialog where it names a choice. */
export async function TokenListPage({ actor, title, list, searchParams, revokeAction }: Props) {
  const db = getDatabase()
  const query = readListQuery(searchParams)
  const chosen = mayChangeTokens(actor) ? readChoice(searchParams.revoke) : []
  const [page, tripwire, review, expiring] = await Promise.all([
    listTokens(actor, query, { db }),
    // Where ended tokens are listed, each row tells its own.
    query.show === 'ended' ? null : readTripwire(actor, { db }),
    chosen.length > 0 && chosen.length <= maxChosenTokens ? reviewRevocation(actor, chosen, { db }) : null,
    actor.side === 'partner' ? countExpiringTokens(actor, { db }) : null,
  ])

  const href = (changed: Partial<ListQuery>) => {
    const params = writeListQuery({ ...query, after: undefined, before: undefined, ...changed })
    return (params.size > 0 ? `${list}?${params}` : list) as Route
  }
  return (
    <>
      {chosen.length > maxChosenTokens && (
        <Notice kind="warn" role="alert" className="mb-5">
          Select {maxChosenTokens} tokens at most: the dialog names each of them.
        </Notice>
      )}
      {actor.role === 'viewer' && (
        <p className="mb-4 text-sm text-soft">
          You may see these tokens. Revoking them takes an owner or an administrator.
        </p>
      )}
      <TokenList
        side={actor.side}
        title={title}
        list={list}
        query={query}
        page={page}
        tripwire={tripwire}
        expiring={expiring}
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
        revoke={mayChangeTokens(actor) ? { action: revokeAction, review, maxChosen: maxChosenTokens } : null}
      />
    </>
  )
}

const opposite = { asc: 'desc', desc: 'asc' } as const

/** The ids that the address chooses. What is not an id of a token is nobody's token. */
function readChoice(revoke: string | string[] | undefined): string[] {
  const read = [revoke ?? []].flat().map((id) => tokenIdSchema.safeParse(id))
  return [...new Set(read.flatMap(({ data }) => data ?? []))]
}
