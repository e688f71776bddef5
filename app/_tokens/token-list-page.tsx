import type { Route } from 'next'
import { redirect } from 'next/navigation'
import { TokenList } from '#components/tokens/list/token-list.tsx'
import { hrefOfDialog } from '#components/tokens/token-dialog.ts'
import { Notice } from '#components/ui/notice.tsx'
import { type Actor, mayChangeTokens } from '#lib/access/actor.ts'
import { getDatabase } from '#lib/process/database.ts'
import { rowIdSchema } from '#lib/text/row-id.ts'
import { maxChosenTokens } from '#lib/tokens/limits.ts'
import { countOwnTokens } from '#lib/tokens/review/counts.ts'
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
  const params = [...writeListQuery(query)]
  const mayChange = mayChangeTokens(actor)
  const pressed = mayChange ? readPressed(searchParams) : null
  if (pressed && pressed.tokenIds.length > 0) redirect(hrefOfDialog({ list, params }, pressed))
  const asked = mayChange ? readDialog(searchParams) : null
  // A button that was pressed without JavaScript, which would have said so beside it.
  const isAskedForNothing = pressed !== null
  const dialog = asked && asked.tokenIds.length <= maxChosenTokens ? asked : null
  const [page, tripwire, revocation, retirement, renewal, counts] = await Promise.all([
    listTokens(actor, query, { db }),
    // Where ended tokens are listed, each row tells its own.
    query.show === 'ended' ? null : readTripwire(actor, { db }),
    dialog?.to === 'revoke' ? reviewRevocation(actor, dialog.tokenIds, { db }) : null,
    dialog?.to === 'retire' ? reviewRevocation(actor, dialog.tokenIds.slice(0, 1), { db }) : null,
    dialog?.to === 'renew' ? reviewRenewal(actor, dialog.tokenIds, { db }) : null,
    countOwnTokens(actor, { db }),
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
      {asked && !dialog && (
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
        counts={counts}
        params={params}
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
        changes={mayChange ? { actions: tokenActionsOf(actor), revocation, retirement, renewal } : null}
      />
    </>
  )
}

const opposite = { asc: 'desc', desc: 'asc' } as const

type Pressed = { to: 'revoke' | 'renew'; tokenIds: string[] }
type Dialog = Pressed | { to: 'retire'; tokenIds: string[] }

/** The dialog that the address opens: `revoke=…` or `renew=…`, once a token, or `retire=…`. Null where it opens none. */
function readDialog({ revoke, retire, renew }: Props['searchParams']): Dialog | null {
  const dialogs: Dialog[] = [
    { to: 'revoke', tokenIds: tokenIdsIn(revoke) },
    { to: 'retire', tokenIds: tokenIdsIn(retire) },
    { to: 'renew', tokenIds: tokenIdsIn(renew) },
  ]
  return dialogs.find(({ tokenIds }) => tokenIds.length > 0) ?? null
}

/** Which button was pressed without JavaScript, where a form cannot name its ticks after the button. Null: none. */
function readPressed({ dialog, tokenId }: Props['searchParams']): Pressed | null {
  if (dialog === undefined) return null
  return { to: dialog === 'renew' ? 'renew' : 'revoke', tokenIds: tokenIdsIn(tokenId) }
}

/** What is not the id of a token is nobody's token. */
function tokenIdsIn(values: string | string[] | undefined): string[] {
  const read = [values ?? []].flat().map((id) => rowIdSchema.safeParse(id))
  return [...new Set(read.flatMap(({ data }) => data ?? []))]
}
