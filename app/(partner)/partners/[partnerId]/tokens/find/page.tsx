import type { Metadata } from 'next'
import { FindPage } from '#app/_finds/find-page.tsx'
import { PartnerLine } from '#app/(partner)/partners/[partnerId]/partner-line.tsx'
import { partnerOfPage } from '#app/(partner)/partners/[partnerId]/partner-of-page.ts'
import { partnerTokensPath } from '#app/paths.ts'
import { PageHeader } from '#components/ui/page-header.tsx'

export const metadata: Metadata = { title: 'Find tokens in a text' }

export default async function PartnerFindPage({
  params,
  searchParams,
}: PageProps<'/partners/[partnerId]/tokens/find'>) {
  const { actor, partner } = await partnerOfPage((await params).partnerId)
  return (
    <>
      <PageHeader
        path={[{ label: 'Manage Partner Tokens', href: partnerTokensPath(partner.id) }]}
        title="Find tokens in a text"
      >
        <PartnerLine partner={partner} />
      </PageHeader>
      <FindPage actor={actor} searchParams={await searchParams} />
    </>
  )
}
