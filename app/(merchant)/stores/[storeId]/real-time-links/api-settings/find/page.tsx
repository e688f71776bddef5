import type { Metadata } from 'next'
import { FindPage } from '#app/_finds/find-page.tsx'
import { StoreLine } from '#app/(merchant)/stores/[storeId]/store-line.tsx'
import { storeOfPage } from '#app/(merchant)/stores/[storeId]/store-of-page.ts'
import { crumbsTo } from '#app/paths.ts'
import { PageHeader } from '#components/ui/page-header.tsx'
import { hasApis } from '#lib/tokens/model/policy.ts'
import { NoApis } from '../no-apis.tsx'

export const metadata: Metadata = { title: 'Find tokens in a text' }

type Props = PageProps<'/stores/[storeId]/real-time-links/api-settings/find'>

export default async function StoreFindPage({ params, searchParams }: Props) {
  const { actor, store } = await storeOfPage((await params).storeId)
  return (
    <>
      <PageHeader path={crumbsTo('find', store.id)} title="Find tokens in a text">
        <StoreLine store={store} />
      </PageHeader>
      {hasApis(store.package) ? (
        <FindPage actor={actor} searchParams={await searchParams} />
      ) : (
        <NoApis store={store} />
      )}
    </>
  )
}
