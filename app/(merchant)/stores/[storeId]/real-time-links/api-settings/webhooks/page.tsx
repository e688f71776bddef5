import type { Metadata } from 'next'
import { PageHeader } from '#components/ui/page-header.tsx'
import { changeStoreWebhooks } from '../../../../../../_actions/webhooks.ts'
import { WebhookListPage } from '../../../../../../_webhooks/webhook-list-page.tsx'
import { crumbsTo, storeWebhooksPath } from '../../../../../../paths.ts'
import { StoreLine } from '../../../store-line.tsx'
import { storeOfPage } from '../../../store-of-page.ts'

export const metadata: Metadata = { title: 'Webhooks' }

type Props = PageProps<'/stores/[storeId]/real-time-links/api-settings/webhooks'>

export default async function StoreWebhooksPage({ params }: Props) {
  const { actor, store } = await storeOfPage((await params).storeId)
  return (
    <>
      <PageHeader path={crumbsTo('webhooks', store.id)} title="Webhooks">
        <StoreLine store={store} />
      </PageHeader>
      <WebhookListPage
        actor={actor}
        list={storeWebhooksPath(store.id)}
        action={changeStoreWebhooks.bind(null, store.id)}
      />
    </>
  )
}
