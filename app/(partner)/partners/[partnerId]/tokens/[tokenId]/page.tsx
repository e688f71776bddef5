import type { Metadata } from 'next'
import { showPartnerToken } from '../../../../../_actions/collect.ts'
import { partnerTokenActions } from '../../../../../_tokens/token-actions.ts'
import { TokenDetailsPage } from '../../../../../_tokens/token-details-page.tsx'
import { titleOfToken } from '../../../../../_tokens/token-of-page.ts'
import { partnerTokensPath } from '../../../../../paths.ts'
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
      collectAction={showPartnerToken.bind(null, partner.id)}
    />
  )
}
