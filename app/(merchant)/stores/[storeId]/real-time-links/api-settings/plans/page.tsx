import type { Metadata } from 'next'
import { PlansPage } from '#app/_plans/plans-page.tsx'
import { StoreLine } from '#app/(merchant)/stores/[storeId]/store-line.tsx'
import { storeOfPage } from '#app/(merchant)/stores/[storeId]/store-of-page.ts'
import { crumbsTo } from '#app/paths.ts'
import { PageHeader } from '#components/ui/page-header.tsx'

export const metadata: Metadata = { title: 'Plans' }

type Props = PageProps<'/stores/[storeId]/real-time-links/api-settings/plans'>

export default async function StorePlansPage({ params, searchParams }: Props) {
  const { actor, store } = await storeOfPage((await params).storeId)
  return (
    <>
      <PageHeader path={crumbsTo('plans', store.id)} title="Plans">
        <StoreLine store={store} />
      </PageHeader>
      <PlansPage actor={actor} searchParams={await searchParams} />
    </>
  )
}
