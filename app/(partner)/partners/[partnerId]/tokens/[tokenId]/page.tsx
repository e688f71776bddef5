import type { Metadata } from 'next'
import { partnerTokenActions } from '#app/_tokens/token-actions.ts'
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
  const list = partnerTokensPath(partner.id)
  return (
    <TokenDetailsPage
      actor={actor}
      tokenId={tokenId}
      list={list}
      path={[{ label: 'Manage Partner Tokens', href: list }]}
      party={<PartnerLine partner={partner} />}
      actions={partnerTokenActions(partner.id)}
    />
  )
}
