import type { Metadata } from 'next'
import { MembersPage } from '#app/_members/members-page.tsx'
import { partnerTokensPath } from '#app/paths.ts'
import { PageHeader } from '#components/ui/page-header.tsx'
import { PartnerLine } from '../partner-line.tsx'
import { partnerOfPage } from '../partner-of-page.ts'

export const metadata: Metadata = { title: 'Members' }

export default async function PartnerMembersPage({
  params,
  searchParams,
}: PageProps<'/partners/[partnerId]/members'>) {
  const { actor, partner } = await partnerOfPage((await params).partnerId)
  return (
    <>
      <PageHeader
        path={[{ label: 'Manage Partner Tokens', href: partnerTokensPath(partner.id) }]}
        title="Members"
      >
        <PartnerLine partner={partner} />
      </PageHeader>
      <MembersPage actor={actor} partyName={partner.name} searchParams={await searchParams} />
    </>
  )
}
