import type { Metadata } from 'next'
import { WebhookPage } from '#app/_webhooks/webhook-page.tsx'
import { partnerTokensPath, webhooksPath } from '#app/paths.ts'
import { PartnerLine } from '../../partner-line.tsx'
import { partnerOfPage } from '../../partner-of-page.ts'

export const metadata: Metadata = { title: 'Webhook' }

export default async function PartnerWebhookPage({
  params,
  searchParams,
}: PageProps<'/partners/[partnerId]/webhooks/[endpointId]'>) {
  const { partnerId, endpointId } = await params
  const { actor, partner } = await partnerOfPage(partnerId)
  return (
    <WebhookPage
      actor={actor}
      endpointId={endpointId}
      path={[
        { label: 'Manage Partner Tokens', href: partnerTokensPath(partner.id) },
        { label: 'Webhooks', href: webhooksPath(actor) },
      ]}
      party={<PartnerLine partner={partner} />}
      searchParams={await searchParams}
    />
  )
}
