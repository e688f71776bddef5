import type { Metadata } from 'next'
import { CredentialsPage } from '#app/_credentials/credentials-page.tsx'
import { crumbsTo } from '#app/paths.ts'
import { PageHeader } from '#components/ui/page-header.tsx'
import { StoreLine } from '../../store-line.tsx'
import { storeOfPage } from '../../store-of-page.ts'

export const metadata: Metadata = { title: 'Service credentials' }

type Props = PageProps<'/stores/[storeId]/members/credentials'>

export default async function StoreCredentialsPage({ params, searchParams }: Props) {
  const { actor, store } = await storeOfPage((await params).storeId)
  return (
    <>
      <PageHeader path={crumbsTo('credentials', store.id)} title="Service credentials">
        <StoreLine store={store} />
      </PageHeader>
      <CredentialsPage actor={actor} searchParams={await searchParams} />
    </>
  )
}
