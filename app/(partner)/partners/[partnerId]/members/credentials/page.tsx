import type { Metadata } from 'next'
import { CredentialsPage } from '#app/_credentials/credentials-page.tsx'
import { membersPath, partnerTokensPath } from '#app/paths.ts'
import { PageHeader } from '#components/ui/page-header.tsx'
import { PartnerLine } from '../../partner-line.tsx'
import { partnerOfPage } from '../../partner-of-page.ts'

export const metadata: Metadata = { title: 'Service credentials' }

type Props = PageProps<'/partners/[partnerId]/members/credentials'>

export default async function PartnerCredentialsPage({ params, searchParams }: Props) {
  const { actor, partner } = await partnerOfPage((await params).partnerId)
  return (
    <>
      <PageHeader
        path={[
          { label: 'Manage Partner Tokens', href: partnerTokensPath(partner.id) },
          { label: 'Members', href: membersPath(actor) },
        ]}
        title="Service credentials"
      >
        <PartnerLine partner={partner} />
      </PageHeader>
      <CredentialsPage actor={actor} searchParams={await searchParams} />
    </>
  )
}
