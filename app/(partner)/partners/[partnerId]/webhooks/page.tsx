import type { Metadata } from 'next'
import { WebhookListPage } from '#app/_webhooks/webhook-list-page.tsx'
import { partnerTokensPath } from '#app/paths.ts'
import { PageHeader } from '#components/ui/page-header.tsx'
import { PartnerLine } from '../partner-line.tsx'
import { partnerOfPage } from '../partner-of-page.ts'

export const metadata: Metadata = { title: 'Webhooks' }

export default async function PartnerWebhooksPage({ params }: PageProps<'/partners/[partnerId]/webhooks'>) {
  const { actor, partner } = await partnerOfPage((await params).partnerId)
  return (
    <>
      <PageHeader
        path={[{ label: 'Manage Partner Tokens', href: partnerTokensPath(partner.id) }]}
        title="Webhooks"
      >
        <PartnerLine partner={partner} />
      </PageHeader>
      <WebhookListPage actor={actor} />
    </>
  )
}
