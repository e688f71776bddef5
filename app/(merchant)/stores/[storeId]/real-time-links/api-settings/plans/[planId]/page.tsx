import type { Metadata } from 'next'
import { PlanPage } from '#app/_plans/plan-page.tsx'
import { StoreLine } from '#app/(merchant)/stores/[storeId]/store-line.tsx'
import { storeOfPage } from '#app/(merchant)/stores/[storeId]/store-of-page.ts'
import { crumbsTo } from '#app/paths.ts'

export const metadata: Metadata = { title: 'Plan' }

type Props = PageProps<'/stores/[storeId]/real-time-links/api-settings/plans/[planId]'>

export default async function StorePlanPage({ params, searchParams }: Props) {
  const { storeId, planId } = await params
  const { actor, store } = await storeOfPage(storeId)
  return (
    <PlanPage
      actor={actor}
      planId={planId}
      searchParams={await searchParams}
      path={crumbsTo('plan', store.id)}
      party={<StoreLine store={store} />}
    />
  )
}
