import type { Metadata } from 'next'
import { RequestBanner } from '#app/_back-in-service/request-banner.tsx'
import { CutOffBanner } from '#app/_cut-offs/cut-off-banner.tsx'
import { TokenListPage } from '#app/_tokens/token-list-page.tsx'
import {
  accessListPath,
  addPartnerPath,
  crumbsTo,
  cutOffPath,
  cutOffsPath,
  webhooksPath,
} from '#app/paths.ts'
import { EmergencyCard } from '#components/cut-offs/emergency-card.tsx'
import { ButtonLink } from '#components/ui/button-link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { mayChangeTokens } from '#lib/access/actor.ts'
import { hasApis } from '#lib/tokens/model/policy.ts'
import { StoreLine } from '../../store-line.tsx'
import { storeOfPage } from '../../store-of-page.ts'
import { NoApis } from './no-apis.tsx'

export const metadata: Metadata = { title: 'API Settings' }

type Props = PageProps<'/stores/[storeId]/real-time-links/api-settings'>

export default async function ApiSettingsPage({ params, searchParams }: Props) {
  const { actor, store } = await storeOfPage((await params).storeId)
  return (
    <>
      <PageHeader
        path={crumbsTo('api-settings', store.id)}
        title="API Settings"
        actions={
          <>
            <ButtonLink href={accessListPath(store.id)}>Partners with access</ButtonLink>
            <ButtonLink href={webhooksPath(actor)}>Webhooks</ButtonLink>
            {hasApis(store.package) && mayChangeTokens(actor) && (
              <ButtonLink look="primary" href={addPartnerPath(store.id)}>
                Add New Partner
              </ButtonLink>
            )}
          </>
        }
      >
        <StoreLine store={store} />
      </PageHeader>
      <RequestBanner actor={actor} />
      <CutOffBanner actor={actor} />
      {hasApis(store.package) ? (
        <TokenListPage actor={actor} title="Partner API Access" searchParams={await searchParams} />
      ) : (
        <NoApis store={store} />
      )}
      <EmergencyCard
        label="Revoke every token of this store…"
        href={actor.role === 'owner' ? cutOffPath(actor) : null}
        text="All tokens of every partner at this store can be revoked at once. You are shown what ends, and asked first."
        who="an owner of the store"
        record={cutOffsPath(actor)}
      />
    </>
  )
}
