import type { Metadata } from 'next'
import { packageNames } from '#components/tokens/words.ts'
import { Card } from '#components/ui/card.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { hasApis } from '#lib/tokens/policy.ts'
import { revokeStoreTokens } from '../../../../../_actions/revoke.ts'
import { TokenListPage } from '../../../../../_tokens/token-list-page.tsx'
import { apiSettingsPath, crumbsTo } from '../../../../../paths.ts'
import { StoreLine } from '../../store-line.tsx'
import { storeOfPage } from '../../store-of-page.ts'

export const metadata: Metadata = { title: 'API Settings' }

type Props = PageProps<'/stores/[storeId]/real-time-links/api-settings'>

export default async function ApiSettingsPage({ params, searchParams }: Props) {
  const { actor, store } = await storeOfPage((await params).storeId)
  return (
    <>
      <PageHeader path={crumbsTo('api-settings', store.id)} title="API Settings">
        <StoreLine store={store} />
      </PageHeader>
      {hasApis(store.package) ? (
        <TokenListPage
          actor={actor}
          title="Partner API Access"
          list={apiSettingsPath(store.id)}
          searchParams={await searchParams}
          revokeAction={revokeStoreTokens.bind(null, store.id)}
        />
      ) : (
        <Card className="grid max-w-2xl gap-2 p-5">
          <h2 className="font-semibold">This store’s package has no APIs</h2>
          <p className="text-soft">
            APIs are available with {packageNames.standard}, {packageNames.professional} and{' '}
            {packageNames['store-v1']}. This store is on {packageNames[store.package]}: no token can be issued
            or renewed for it, and every API call for it is refused, also with a token from before.
          </p>
          <p className="text-soft">To give partners access, change the store’s package first.</p>
        </Card>
      )}
    </>
  )
}
