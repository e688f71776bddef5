import type { Metadata } from 'next'
import { TokenDetailsPage } from '#app/_tokens/token-details-page.tsx'
import { titleOfToken } from '#app/_tokens/token-of-page.ts'
import { partnerTokensPath } from '#app/paths.ts'
import { PartnerLine } from '../../partner-line.tsx'
import { partnerOfPage } from '../../partner-of-page.ts'

type Props = PageProps<'/partners/[partnerId]/tokens/[tokenId]'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { partnerId, tokenId } = await params
  const { actor } = await partnerOfPage(partnerId)
  return titleOfToken(actor, tokenId)
}

export default async function PartnerTokenPage({ params }: Props) {
  const { partnerId, tokenId } = await params
  const { actor, partner } = await partnerOfPage(partnerId)
  return (
    <TokenDetailsPage
      actor={actor}
      tokenId={tokenId}
      path={[{ label: 'Manage Partner Tokens', href: partnerTokensPath(partner.id) }]}
      party={<PartnerLine partner={partner} />}
    />
  )
}
