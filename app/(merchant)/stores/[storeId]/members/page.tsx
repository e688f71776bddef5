import type { Metadata } from 'next'
import { MembersPage } from '#app/_members/members-page.tsx'
import { crumbsTo } from '#app/paths.ts'
import { PageHeader } from '#components/ui/page-header.tsx'
import { StoreLine } from '../store-line.tsx'
import { storeOfPage } from '../store-of-page.ts'

export const metadata: Metadata = { title: 'Members' }

export default async function StoreMembersPage({
  params,
  searchParams,
}: PageProps<'/stores/[storeId]/members'>) {
  const { actor, store } = await storeOfPage((await params).storeId)
  return (
    <>
      <PageHeader path={crumbsTo('members', store.id)} title="Members">
        <StoreLine store={store} />
      </PageHeader>
      <MembersPage actor={actor} partyName={store.name} searchParams={await searchParams} />
    </>
  )
}
