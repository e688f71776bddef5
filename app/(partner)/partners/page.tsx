import type { Metadata } from 'next'
import { helpPath } from '#components/help/help-path.ts'
import { Card } from '#components/ui/card.tsx'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { ClosedParties } from '../../closed-parties.tsx'
import { ownMemberships } from '../../own-memberships.ts'
import { partnerTokensPath } from '../../paths.ts'

export const metadata: Metadata = { title: 'Partners' }

/** For someone who works for several partners: which one? */
export default async function PartnersPage() {
  const { partners } = await ownMemberships()
  return (
    <>
      <PageHeader title="Partners" />
      <ClosedParties side="partner" />
      {partners.length === 0 && (
        <Card className="grid justify-items-center gap-2 px-4 py-12 text-center text-soft">
          <p>You work for no partner here. Ask an owner of the partner to invite you, under Members.</p>
          <Link href={helpPath('partner', 'token')} className="py-1 text-accent underline underline-offset-4">
            What is this site for?
          </Link>
        </Card>
      )}
      <ul className="grid gap-4 sm:grid-cols-2">
        {partners.map((partner) => (
          <li key={partner.partnerId} className="min-w-0">
            <Card className="grid gap-1.5 p-4">
              <h2 className="text-base font-semibold wrap-anywhere">
                <bdi>{partner.name}</bdi>
              </h2>
              <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-soft">
                <span className="font-mono text-[13px]">{partner.partnerId}</span>
                <CopyButton what={`the Partner ID of ${partner.name}`} text={partner.partnerId} />
              </p>
              <Link
                href={partnerTokensPath(partner.partnerId)}
                className="justify-self-start py-1 font-medium text-accent underline underline-offset-4"
              >
                Manage Partner Tokens
                <span className="sr-only"> of {partner.name}</span>
              </Link>
            </Card>
          </li>
        ))}
      </ul>
    </>
  )
}
