import type { Metadata } from 'next'
import { CutOffsPage } from '#app/_cut-offs/cut-offs-page.tsx'
import { StoreLine } from '#app/(merchant)/stores/[storeId]/store-line.tsx'
import { storeOfPage } from '#app/(merchant)/stores/[storeId]/store-of-page.ts'
import { crumbsTo } from '#app/paths.ts'
import { PageHeader } from '#components/ui/page-header.tsx'

export const metadata: Metadata = { title: 'Cut-offs' }

type Props = PageProps<'/stores/[storeId]/real-time-links/api-settings/cut-offs'>

export default async function StoreCutOffsPage({ params }: Props) {
  const { actor, store } = await storeOfPage((await params).storeId)
  return (
    <>
      <PageHeader path={crumbsTo('cut-offs', store.id)} title="Cut-offs">
        <StoreLine store={store} />
      </PageHeader>
      <CutOffsPage actor={actor} />
    </>
  )
}
