import type { Metadata } from 'next'
import { CutOffsPage } from '#app/_cut-offs/cut-offs-page.tsx'
import { PartnerLine } from '#app/(partner)/partners/[partnerId]/partner-line.tsx'
import { partnerOfPage } from '#app/(partner)/partners/[partnerId]/partner-of-page.ts'
import { partnerTokensPath } from '#app/paths.ts'
import { PageHeader } from '#components/ui/page-header.tsx'

export const metadata: Metadata = { title: 'Cut-offs' }

export default async function PartnerCutOffsPage({
  params,
}: PageProps<'/partners/[partnerId]/tokens/cut-offs'>) {
  const { actor, partner } = await partnerOfPage((await params).partnerId)
  return (
    <>
      <PageHeader
        path={[{ label: 'Manage Partner Tokens', href: partnerTokensPath(partner.id) }]}
        title="Cut-offs"
      >
        <PartnerLine partner={partner} />
      </PageHeader>
      <CutOffsPage actor={actor} />
    </>
  )
}
