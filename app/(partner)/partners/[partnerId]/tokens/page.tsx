import type { Metadata } from 'next'
import { CampaignBanner } from '#app/_back-in-service/campaign-banner.tsx'
import { CutOffBanner } from '#app/_cut-offs/cut-off-banner.tsx'
import { TokenListPage } from '#app/_tokens/token-list-page.tsx'
import { cutOffPath, cutOffsPath, membersPath, webhooksPath } from '#app/paths.ts'
import { EmergencyCard } from '#components/cut-offs/emergency-card.tsx'
import { ButtonLink } from '#components/ui/button-link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { PartnerLine } from '../partner-line.tsx'
import { partnerOfPage } from '../partner-of-page.ts'

export const metadata: Metadata = { title: 'Manage Partner Tokens' }

export default async function PartnerTokensPage({
  params,
  searchParams,
}: PageProps<'/partners/[partnerId]/tokens'>) {
  const { actor, partner } = await partnerOfPage((await params).partnerId)
  return (
    <>
      <PageHeader
        title="Manage Partner Tokens"
        actions={
          <>
            <ButtonLink href={webhooksPath(actor)}>Webhooks</ButtonLink>
            <ButtonLink href={membersPath(actor)}>Members</ButtonLink>
          </>
        }
      >
        <PartnerLine partner={partner} />
      </PageHeader>
      <CutOffBanner actor={actor} />
      <CampaignBanner actor={actor} />
      <TokenListPage actor={actor} title="Tokens of all stores" searchParams={await searchParams} />
      <EmergencyCard
        label="Revoke all our tokens, at every store…"
        href={actor.role === 'owner' ? cutOffPath(actor) : null}
        text="Were you broken into? All your tokens, at every store, can be revoked at once. You are shown what ends, and asked first."
        who="an owner"
        record={cutOffsPath(actor)}
      />
    </>
  )
}
