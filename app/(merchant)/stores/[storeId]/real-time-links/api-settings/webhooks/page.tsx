import type { Metadata } from 'next'
import { WebhookListPage } from '#app/_webhooks/webhook-list-page.tsx'
import { StoreLine } from '#app/(merchant)/stores/[storeId]/store-line.tsx'
import { storeOfPage } from '#app/(merchant)/stores/[storeId]/store-of-page.ts'
import { crumbsTo } from '#app/paths.ts'
import { PageHeader } from '#components/ui/page-header.tsx'

export const metadata: Metadata = { title: 'Webhooks' }

type Props = PageProps<'/stores/[storeId]/real-time-links/api-settings/webhooks'>

export default async function StoreWebhooksPage({ params }: Props) {
  const { actor, store } = await storeOfPage((await params).storeId)
  return (
    <>
      <PageHeader path={crumbsTo('webhooks', store.id)} title="Webhooks">
        <StoreLine store={store} />
      </PageHeader>
      <WebhookListPage actor={actor} />
    </>
  )
}
