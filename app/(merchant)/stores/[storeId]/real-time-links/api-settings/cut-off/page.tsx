import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cutOffTokensOf } from '#app/_actions/cut-offs.ts'
import { CutOffPage } from '#app/_cut-offs/cut-off-page.tsx'
import { StoreLine } from '#app/(merchant)/stores/[storeId]/store-line.tsx'
import { storeOfPage } from '#app/(merchant)/stores/[storeId]/store-of-page.ts'
import { boundParty } from '#app/bound-party.ts'
import { accessListPath, crumbsTo, cutOffEntryPath, cutOffsPath } from '#app/paths.ts'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { listCutOffs } from '#lib/cut-offs/list.ts'
import { reviewCutOff } from '#lib/cut-offs/review.ts'
import { getDatabase } from '#lib/process/database.ts'

export const metadata: Metadata = { title: 'Revoke every token of this store' }

type Props = PageProps<'/stores/[storeId]/real-time-links/api-settings/cut-off'>

/** For owners; to everybody else there is no such page. */
export default async function StoreCutOffPage({ params }: Props) {
  const { actor, store } = await storeOfPage((await params).storeId)
  const db = getDatabase()
  const review = await reviewCutOff(actor, {}, { db })
  if (!review.ok) notFound()
  return (
    <>
      <PageHeader path={crumbsTo('cut-off', store.id)} title="Revoke every token of this store">
        <StoreLine store={store} />
      </PageHeader>
      <CutOffPage
        action={cutOffTokensOf.bind(null, boundParty(actor))}
        reader="merchant"
        review={review.value}
        hidden={{}}
        cutOffs={await listCutOffs(actor, { db })}
        record={cutOffsPath(actor)}
        hrefOf={({ id }) => cutOffEntryPath(actor, id)}
        next={
          <>
            To let a partner in again, issue a new token on its page under{' '}
            <Link href={accessListPath(store.id)} className="font-semibold underline underline-offset-4">
              Partners with access
            </Link>
            .
          </>
        }
      />
    </>
  )
}
