import type { Route } from 'next'
import type { CampaignCounts, RequestState } from '#lib/back-in-service/counts.ts'
import type { ReachedStore, StoresPage } from '#lib/back-in-service/progress.ts'
import { PartyId } from '../tokens/list/token-cells.tsx'
import { ButtonLink } from '../ui/button-link.tsx'
import { Card } from '../ui/card.tsx'
import { Link } from '../ui/link.tsx'
import { counted, formatted } from '../ui/numbers.ts'
import { Tag } from '../ui/tag.tsx'
import { Time } from '../ui/time.tsx'
import { standing, stateNames, stateOrder, wayText } from './words.ts'

type Props = {
  counts: CampaignCounts
  state: RequestState | undefined
  page: StoresPage
  links: {
    state: (state: RequestState | undefined) => Route
    page: (way: 'after' | 'before', cursor: string) => Route
    /** Null: the reader does not work for the partner. */
    token: ((tokenId: string) => Route) | null
  }
}

/** The stores of a campaign, one state or all, a page of them. */
export function ReachedStores({ counts, state, page, links }: Props) {
  const { rows, previous, next } = page
  const chips = [undefined, ...stateOrder.filter((one) => counts[one] > 0 || one === state)]
  return (
    <Card aria-labelledby="stores-title">
      <div className="grid gap-2.5 border-b border-line px-4 py-3">
        <h2 id="stores-title" className="font-semibold">
          Store by store
        </h2>
        <nav aria-label="Stores by state" className="flex flex-wrap gap-2">
          {chips.map((one) => (
            <Link
              key={one ?? 'all'}
              href={links.state(one)}
              scroll={false}
              aria-current={one === state ? 'page' : undefined}
              className="inline-flex min-h-8 items-center gap-1.5 rounded-full border border-control px-3 text-sm aria-[current]:border-accent aria-[current]:bg-accent-soft aria-[current]:font-semibold aria-[current]:text-accent pointer-coarse:min-h-11"
            >
              {one ? stateNames[one] : 'All'}
              <span className="tabular-nums text-soft">{formatted(one ? counts[one] : counts.stores)}</span>
            </Link>
          ))}
        </nav>
      </div>
      {rows.length === 0 ? (
        <p className="px-4 py-10 text-center text-soft">
          {state ? `No store: ${stateNames[state].toLowerCase()}.` : 'No store was asked yet.'}
        </p>
      ) : (
        <ul className="divide-y divide-line">
          {rows.map((store) => (
            <StoreRow key={store.id} store={store} tokenHref={links.token} />
          ))}
        </ul>
      )}
      {(previous || next) && (
        <nav
          aria-label="Pages"
          className="flex flex-wrap justify-between gap-3 border-t border-line px-4 py-3"
        >
          {previous ? <ButtonLink href={links.page('before', previous)}>Previous page</ButtonLink> : <span />}
          {next && <ButtonLink href={links.page('after', next)}>Next page</ButtonLink>}
        </nav>
      )}
      <p className="border-t border-line px-4 py-2.5 text-[13px] text-soft">
        {counted(counts.stores, 'store')} that lost a live token, in the order of their IDs. In use: counted
        every few seconds.
      </p>
    </Card>
  )
}

function StoreRow({ store, tokenHref }: { store: ReachedStore; tokenHref: Props['links']['token'] }) {
  const { text, look } = standing(store)
  const way = wayText(store)
  const { tokenId, lastCharacters, issuedAt, answeredAt, lastUsedAt, state, handover, isRevoked } = store
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1.5 px-4 py-2.5">
      <div className="min-w-0 flex-1 basis-64">
        <p className="wrap-anywhere">
          <bdi className="font-medium">{store.storeName}</bdi> <PartyId id={store.storeId} />
        </p>
        <p className="text-[13px] text-soft wrap-anywhere">
          {tokenId && issuedAt && (
            <>
              Token …{lastCharacters}, issued <Time at={issuedAt} show="date-and-time" /> {way}
            </>
          )}
          {state === 'declined' && answeredAt && (
            <>
              Declined <Time at={answeredAt} show="date-and-time" /> {way}
            </>
          )}
          {state === 'asked' && (
            <>
              Asked <Time at={store.askedAt} show="date-and-time" />
            </>
          )}
          {lastUsedAt && !isRevoked && (
            <>
              {' '}
              · last call <Time at={lastUsedAt} show="date-and-time" />
            </>
          )}
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-2.5">
        <Tag look={look}>{text}</Tag>
        {tokenId && tokenHref && (
          <Link
            href={tokenHref(tokenId)}
            className="text-sm text-accent underline underline-offset-4"
            aria-label={`${handover === 'waiting' ? 'Collect' : 'See'} the token of ${store.storeName}`}
          >
            {handover === 'waiting' ? 'Collect' : 'See the token'}
          </Link>
        )}
      </div>
    </li>
  )
}
