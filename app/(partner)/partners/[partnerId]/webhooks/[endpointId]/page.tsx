import type { Metadata } from 'next'
import { changePartnerWebhooks } from '#app/_actions/webhooks.ts'
import { WebhookPage } from '#app/_webhooks/webhook-page.tsx'
import { partnerTokensPath, partnerWebhooksPath } from '#app/paths.ts'
import { PartnerLine } from '../../partner-line.tsx'
import { partnerOfPage } from '../../partner-of-page.ts'

export const metadata: Metadata = { title: 'Webhook' }

export default async function PartnerWebhookPage({
  params,
  searchParams,
}: PageProps<'/partners/[partnerId]/webhooks/[endpointId]'>) {
  const { partnerId, endpointId } = await params
  const { actor, partner } = await partnerOfPage(partnerId)
  const list = partnerWebhooksPath(partner.id)
  return (
    <WebhookPage
      actor={actor}
      endpointId={endpointId}
      list={list}
      path={[
        { label: 'Manage Partner Tokens', href: partnerTokensPath(partner.id) },
        { label: 'Webhooks', href: list },
      ]}
      party={<PartnerLine partner={partner} />}
      searchParams={await searchParams}
      action={changePartnerWebhooks.bind(null, partner.id)}
    />
  )
}
