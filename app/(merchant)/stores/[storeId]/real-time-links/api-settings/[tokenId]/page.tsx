import type { Metadata, Route } from 'next'
import { TokenDetailsPage } from '../../../../../../_tokens/token-details-page.tsx'
import { storeOfPage } from '../../../store-of-page.ts'

export const metadata: Metadata = { title: 'Token' }

type Props = PageProps<'/stores/[storeId]/real-time-links/api-settings/[tokenId]'>

export default async function StoreTokenPage({ params }: Props) {
  const { storeId, tokenId } = await params
  const { actor, store } = await storeOfPage(storeId)
  const storeHref = `/stores/${store.id}`
  const list = `${storeHref}/real-time-links/api-settings` as Route
  return (
    <TokenDetailsPage
      actor={actor}
      tokenId={tokenId}
      list={list}
      path={[
        { label: 'My Services', href: '/my-services' },
        { label: 'Store Manager', href: storeHref as Route },
        { label: 'Real-Time Links', href: `${storeHref}/real-time-links` as Route },
        { label: 'API Settings', href: list },
      ]}
    />
  )
}
