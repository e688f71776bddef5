import type { Metadata } from 'next'
import { TokenDetailsPage } from '#app/_tokens/token-details-page.tsx'
import { titleOfToken } from '#app/_tokens/token-of-page.ts'
import { StoreLine } from '#app/(merchant)/stores/[storeId]/store-line.tsx'
import { storeOfPage } from '#app/(merchant)/stores/[storeId]/store-of-page.ts'
import { crumbsTo } from '#app/paths.ts'

type Props = PageProps<'/stores/[storeId]/real-time-links/api-settings/[tokenId]'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { storeId, tokenId } = await params
  const { actor } = await storeOfPage(storeId)
  return titleOfToken(actor, tokenId)
}

export default async function StoreTokenPage({ params, searchParams }: Props) {
  const { storeId, tokenId } = await params
  const { actor, store } = await storeOfPage(storeId)
  const { added, issued } = await searchParams
  return (
    <TokenDetailsPage
      actor={actor}
      tokenId={tokenId}
      path={crumbsTo('token', store.id)}
      party={<StoreLine store={store} />}
      arrival={added !== undefined ? 'partner-added' : issued !== undefined ? 'token-issued' : undefined}
    />
  )
}
