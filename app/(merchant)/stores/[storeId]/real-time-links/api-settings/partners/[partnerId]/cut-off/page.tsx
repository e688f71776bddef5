import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cutOffTokensOf } from '#app/_actions/cut-offs.ts'
import { CutOffPage } from '#app/_cut-offs/cut-off-page.tsx'
import { StoreLine } from '#app/(merchant)/stores/[storeId]/store-line.tsx'
import { storeOfPage } from '#app/(merchant)/stores/[storeId]/store-of-page.ts'
import { boundParty } from '#app/bound-party.ts'
import { accessPath, crumbsTo, cutOffEntryPath, cutOffsPath, issuePath } from '#app/paths.ts'
import { PartyId } from '#components/tokens/list/token-cells.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { listCutOffs } from '#lib/cut-offs/list.ts'
import { reviewCutOff } from '#lib/cut-offs/review.ts'
import { getDatabase } from '#lib/process/database.ts'

const title = 'Revoke every token of this partner'
export const metadata: Metadata = { title }

type Props = PageProps<'/stores/[storeId]/real-time-links/api-settings/partners/[partnerId]/cut-off'>

/** For owners and administrators; to everybody else there is no such page. */
export default async function PartnerAtStoreCutOffPage({ params }: Props) {
  const { storeId, partnerId } = await params
  const { actor, store } = await storeOfPage(storeId)
  const db = getDatabase()
  const review = await reviewCutOff(actor, { otherId: partnerId }, { db })
  if (!review.ok) notFound()
  const { partnerName } = review.value
  return (
    <>
      <PageHeader
        path={[
          ...crumbsTo('access', store.id),
          { label: partnerName, href: accessPath(store.id, partnerId) },
        ]}
        title={title}
      >
        <bdi className="min-w-0 text-ink wrap-anywhere">{partnerName}</bdi>
        <PartyId id={partnerId} />
        <span className="flex basis-full flex-wrap items-center gap-x-2.5 gap-y-1">
          <StoreLine store={store} />
        </span>
      </PageHeader>
      <CutOffPage
        action={cutOffTokensOf.bind(null, boundParty(actor))}
        reader="merchant"
        review={review.value}
        hidden={{ otherId: partnerId }}
        cutOffs={await listCutOffs(actor, { db })}
        record={cutOffsPath(actor)}
        hrefOf={({ id }) => cutOffEntryPath(actor, id)}
        next={
          <>
            To let the partner in again,{' '}
            <Link
              href={issuePath(store.id, partnerId)}
              className="font-semibold underline underline-offset-4"
            >
              issue a new token
            </Link>
            .
          </>
        }
      />
    </>
  )
}
