import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cutOffTokensOf } from '#app/_actions/cut-offs.ts'
import { CutOffPage } from '#app/_cut-offs/cut-off-page.tsx'
import { PartnerLine } from '#app/(partner)/partners/[partnerId]/partner-line.tsx'
import { partnerOfPage } from '#app/(partner)/partners/[partnerId]/partner-of-page.ts'
import { boundParty } from '#app/bound-party.ts'
import { cutOffEntryPath, cutOffsPath, partnerTokensPath } from '#app/paths.ts'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { listCutOffs } from '#lib/cut-offs/list.ts'
import { reviewCutOff } from '#lib/cut-offs/review.ts'
import { getDatabase } from '#lib/process/database.ts'

const title = 'Revoke all our tokens, at every store'
export const metadata: Metadata = { title }

/** For owners; to everybody else there is no such page. */
export default async function PartnerCutOffPage({
  params,
}: PageProps<'/partners/[partnerId]/tokens/cut-off'>) {
  const { actor, partner } = await partnerOfPage((await params).partnerId)
  const db = getDatabase()
  const review = await reviewCutOff(actor, {}, { db })
  if (!review.ok) notFound()
  return (
    <>
      <PageHeader
        path={[{ label: 'Manage Partner Tokens', href: partnerTokensPath(partner.id) }]}
        title={title}
      >
        <PartnerLine partner={partner} />
      </PageHeader>
      <CutOffPage
        action={cutOffTokensOf.bind(null, boundParty(actor))}
        reader="partner"
        review={review.value}
        hidden={{}}
        cutOffs={await listCutOffs(actor, { db })}
        record={cutOffsPath(actor)}
        hrefOf={({ id }) => cutOffEntryPath(actor, id)}
        next={
          <>
            Each store can issue you a new token at once.{' '}
            <Link href={cutOffsPath(actor)} className="font-semibold underline underline-offset-4">
              Ask all of them in one step
            </Link>
            .
          </>
        }
      />
    </>
  )
}
