import type { Metadata } from 'next'
import { PlansPage } from '#app/_plans/plans-page.tsx'
import { PartnerLine } from '#app/(partner)/partners/[partnerId]/partner-line.tsx'
import { partnerOfPage } from '#app/(partner)/partners/[partnerId]/partner-of-page.ts'
import { partnerTokensPath } from '#app/paths.ts'
import { PageHeader } from '#components/ui/page-header.tsx'

export const metadata: Metadata = { title: 'Plans' }

export default async function PartnerPlansPage({
  params,
  searchParams,
}: PageProps<'/partners/[partnerId]/tokens/plans'>) {
  const { actor, partner } = await partnerOfPage((await params).partnerId)
  return (
    <>
      <PageHeader
        path={[{ label: 'Manage Partner Tokens', href: partnerTokensPath(partner.id) }]}
        title="Plans"
      >
        <PartnerLine partner={partner} />
      </PageHeader>
      <PlansPage actor={actor} searchParams={await searchParams} />
    </>
  )
}
