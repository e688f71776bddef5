import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { CutOffEntryPage } from '#app/_cut-offs/cut-off-entry.tsx'
import { ownOperator } from '#app/own-memberships.ts'
import { operatorCutOffPath, operatorEvidencePath } from '#app/paths.ts'
import { CampaignFacts } from '#components/back-in-service/campaign-card.tsx'
import { PartyId } from '#components/tokens/list/token-cells.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { campaignsOfCutOff } from '#lib/back-in-service/progress.ts'
import { findAnyCutOff } from '#lib/cut-offs/list.ts'
import { getDatabase } from '#lib/process/database.ts'
import { rowIdSchema } from '#lib/text/row-id.ts'

export const metadata: Metadata = { title: 'Cut-off' }

/** For operators: what ended, and how far each partner is on its way back. To everybody else there is no such page. */
export default async function OperatorCutOffEntryPage({ params }: PageProps<'/operator/cut-off/[cutOffId]'>) {
  const operator = await ownOperator()
  const id = rowIdSchema.safeParse((await params).cutOffId)
  if (!operator || !id.success) notFound()
  const about = { cutOffId: id.data }
  const db = getDatabase()
  const [cutOff, campaigns] = await Promise.all([
    findAnyCutOff(operator, about, { db }),
    campaignsOfCutOff(operator, about, { db }),
  ])
  if (!cutOff) notFound()
  return (
    <>
      <PageHeader
        path={[
          { label: 'Applications', href: '/operator/applications' },
          { label: 'Cut-offs', href: operatorCutOffPath },
        ]}
        title="Cut-off"
      />
      <CutOffEntryPage
        cutOff={cutOff}
        reader="operator"
        evidenceHref={operatorEvidencePath(cutOff.id)}
        isUnderWay={campaigns.some(({ isOpen, reachedAt }) => isOpen && !reachedAt)}
      >
        <section aria-labelledby="service-title" className="grid gap-2">
          <h2 id="service-title" className="text-lg font-semibold">
            Back in service
          </h2>
          {campaigns.length === 0 && (
            <p className="text-soft">No partner has asked its stores for new tokens.</p>
          )}
          {campaigns.map((campaign) => (
            <Card key={campaign.id} className="p-4">
              <CampaignFacts
                campaign={campaign}
                heading={
                  <p className="wrap-anywhere">
                    <bdi className="font-medium">{campaign.partnerName}</bdi>{' '}
                    <PartyId id={campaign.partnerId} />
                  </p>
                }
              />
            </Card>
          ))}
        </section>
      </CutOffEntryPage>
    </>
  )
}
