import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { CutOffEntryPage } from '#app/_cut-offs/cut-off-entry.tsx'
import { StoreLine } from '#app/(merchant)/stores/[storeId]/store-line.tsx'
import { storeOfPage } from '#app/(merchant)/stores/[storeId]/store-of-page.ts'
import { crumbsTo, csvPath, tokenRequestsPath } from '#app/paths.ts'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { findCutOffEntry } from '#lib/cut-offs/list.ts'
import { getDatabase } from '#lib/process/database.ts'
import { rowIdSchema } from '#lib/text/row-id.ts'

export const metadata: Metadata = { title: 'Cut-off' }

type Props = PageProps<'/stores/[storeId]/real-time-links/api-settings/cut-offs/[cutOffId]'>

/** What ended at this store. */
export default async function StoreCutOffEntryPage({ params }: Props) {
  const { storeId, cutOffId } = await params
  const { actor, store } = await storeOfPage(storeId)
  const id = rowIdSchema.safeParse(cutOffId)
  if (!id.success) notFound()
  const cutOff = await findCutOffEntry(actor, { cutOffId: id.data }, { db: getDatabase() })
  if (!cutOff) notFound()
  return (
    <>
      <PageHeader path={crumbsTo('cut-off-entry', store.id)} title="Cut-off">
        <StoreLine store={store} />
      </PageHeader>
      <CutOffEntryPage
        cutOff={cutOff}
        reader="merchant"
        evidenceHref={csvPath(actor, 'cut-off-evidence', [['of', cutOff.id]])}
      >
        {cutOff.from !== 'merchant' && (
          <p className="text-sm text-soft">
            A partner that wants to go on asks you for a new token.{' '}
            <Link href={tokenRequestsPath(store.id)} className="text-accent underline underline-offset-4">
              Requests for new tokens
            </Link>
          </p>
        )}
      </CutOffEntryPage>
    </>
  )
}
