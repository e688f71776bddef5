import type { Metadata, Route } from 'next'
import Form from 'next/form'
import { removeStorePartner } from '#app/_actions/access.ts'
import { StoreLine } from '#app/(merchant)/stores/[storeId]/store-line.tsx'
import { storeOfPage } from '#app/(merchant)/stores/[storeId]/store-of-page.ts'
import { boundParty } from '#app/bound-party.ts'
import {
  accessListPath,
  accessPath,
  addPartnerPath,
  crumbsTo,
  csvPath,
  issuePath,
  partnersTokensPath,
} from '#app/paths.ts'
import { AccessTable } from '#components/partners/access-table.tsx'
import { Removal } from '#components/partners/removal.tsx'
import { TokensThatDie } from '#components/partners/removal-review.tsx'
import { Button } from '#components/ui/button.tsx'
import { ButtonLink } from '#components/ui/button-link.tsx'
import { Card } from '#components/ui/card.tsx'
import { CsvLink } from '#components/ui/csv-link.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { mayChangeTokens } from '#lib/access/actor.ts'
import { listPartners, readAccessQuery, reviewRemoval } from '#lib/partners/access-list.ts'
import { getDatabase } from '#lib/process/database.ts'
import { hasApis } from '#lib/tokens/model/policy.ts'

export const metadata: Metadata = { title: 'Partners with access' }

type Props = PageProps<'/stores/[storeId]/real-time-links/api-settings/partners'>

export default async function AccessListPage({ params, searchParams }: Props) {
  const { actor, store } = await storeOfPage((await params).storeId)
  const asked = await searchParams
  const query = readAccessQuery(asked)
  const mayChange = mayChangeTokens(actor)
  const toRemove = mayChange ? [asked.remove ?? []].flat()[0] : undefined
  const db = getDatabase()
  const [page, review] = await Promise.all([
    listPartners(actor, query, { db }),
    toRemove === undefined ? undefined : reviewRemoval(actor, toRemove, { db }),
  ])

  const list = accessListPath(store.id)
  const shown = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  )
  const href = (params: [string, string][]) =>
    (params.length > 0 ? `${list}?${new URLSearchParams(params)}` : list) as Route
  const searched: [string, string][] = query.search ? [['search', query.search]] : []
  return (
    <>
      <PageHeader path={crumbsTo('access-list', store.id)} title="Partners with access">
        <StoreLine store={store} />
      </PageHeader>
      {mayChange && (
        <Removal
          action={removeStorePartner.bind(null, boundParty(actor))}
          list={list}
          params={shown}
          dialog={
            review
              ? {
                  partner: { id: review.listed.partnerId, name: review.listed.partnerName },
                  tokens: <TokensThatDie review={review} />,
                }
              : null
          }
        />
      )}
      {!hasApis(store.package) && (
        <Notice kind="warn" className="mb-5">
          <p>The store’s package has no APIs: every call of these partners is refused.</p>
        </Notice>
      )}
      <Card aria-labelledby="partners-title">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-3 border-b border-line px-4 py-3.5">
          <h2 id="partners-title" className="mr-auto text-base font-semibold">
            Partners
          </h2>
          <Form prefetch={false} action={list} scroll={false} className="flex flex-wrap gap-2 max-md:w-full">
            <input
              type="search"
              name="search"
              key={query.search}
              defaultValue={query.search}
              maxLength={100}
              aria-label="Partner name or ID"
              placeholder="Partner name or ID"
              className="min-h-9 min-w-0 grow rounded-lg border border-control bg-ground px-3 py-1.5 text-sm"
            />
            <Button type="submit">Search</Button>
          </Form>
        </div>
        {page.partners.length === 0 ? (
          <div className="grid justify-items-center gap-2 px-4 py-12 text-center">
            <p className="text-soft wrap-anywhere">
              {query.search
                ? `No partner here has “${query.search}” in its name or ID.`
                : 'No partner has access to this store. A partner, such as a shipping service, needs a token to read its orders.'}
            </p>
            {shown.length > 0 ? (
              <Link href={list} className="font-medium text-accent underline underline-offset-4">
                Show all
              </Link>
            ) : (
              mayChange &&
              hasApis(store.package) && (
                <Link
                  href={addPartnerPath(store.id)}
                  className="font-medium text-accent underline underline-offset-4"
                >
                  Add New Partner
                </Link>
              )
            )}
          </div>
        ) : (
          <AccessTable
            partners={page.partners}
            links={{
              partner: (partnerId) => accessPath(store.id, partnerId),
              tokens: (partnerId) => partnersTokensPath(store.id, partnerId),
              issue:
                mayChange && hasApis(store.package) ? (partnerId) => issuePath(store.id, partnerId) : null,
              remove: mayChange ? (partnerId) => href([...shown, ['remove', partnerId]]) : null,
            }}
          />
        )}
        {page.partners.length > 0 && (
          <p className="border-t border-line px-4 py-2">
            <CsvLink href={csvPath(actor, 'partners-with-access', searched)} />
          </p>
        )}
        {(page.previous || page.next) && (
          <nav
            aria-label="Pages"
            className="flex flex-wrap justify-between gap-3 border-t border-line px-4 py-3"
          >
            {page.previous ? (
              <ButtonLink href={href([...searched, ['before', page.previous]])}>Previous page</ButtonLink>
            ) : (
              <span />
            )}
            {page.next && <ButtonLink href={href([...searched, ['after', page.next]])}>Next page</ButtonLink>}
          </nav>
        )}
      </Card>
    </>
  )
}
