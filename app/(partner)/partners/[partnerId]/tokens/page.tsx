import type { Metadata } from 'next'
import { TokenListPage } from '#app/_tokens/token-list-page.tsx'
import { membersPath, webhooksPath } from '#app/paths.ts'
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
      <TokenListPage actor={actor} title="Tokens of all stores" searchParams={await searchParams} />
    </>
  )
}
