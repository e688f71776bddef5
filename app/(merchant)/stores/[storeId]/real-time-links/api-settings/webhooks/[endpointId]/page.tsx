import type { Metadata } from 'next'
import { WebhookPage } from '#app/_webhooks/webhook-page.tsx'
import { StoreLine } from '#app/(merchant)/stores/[storeId]/store-line.tsx'
import { storeOfPage } from '#app/(merchant)/stores/[storeId]/store-of-page.ts'
import { crumbsTo } from '#app/paths.ts'

export const metadata: Metadata = { title: 'Webhook' }

type Props = PageProps<'/stores/[storeId]/real-time-links/api-settings/webhooks/[endpointId]'>

export default async function StoreWebhookPage({ params, searchParams }: Props) {
  const { storeId, endpointId } = await params
  const { actor, store } = await storeOfPage(storeId)
  return (
    <WebhookPage
      actor={actor}
      endpointId={endpointId}
      path={crumbsTo('webhook', store.id)}
      party={<StoreLine store={store} />}
      searchParams={await searchParams}
    />
  )
}
