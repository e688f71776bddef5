import type { Metadata, Route } from 'next'
import { notFound } from 'next/navigation'
import { endCampaignOf, startCampaignOf } from '#app/_actions/back-in-service.ts'
import { CutOffEntryPage } from '#app/_cut-offs/cut-off-entry.tsx'
import { PartnerLine } from '#app/(partner)/partners/[partnerId]/partner-line.tsx'
import { partnerOfPage } from '#app/(partner)/partners/[partnerId]/partner-of-page.ts'
import { boundParty } from '#app/bound-party.ts'
import { csvPath, cutOffEntryPath, cutOffsPath, partnerTokensPath } from '#app/paths.ts'
import { CampaignFacts } from '#components/back-in-service/campaign-card.tsx'
import { EndCampaign, StartCampaign } from '#components/back-in-service/campaign-forms.tsx'
import { ReachedStores } from '#components/back-in-service/reached-stores.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { mayChangeTokens } from '#lib/access/actor.ts'
import { startWithinDays } from '#lib/back-in-service/limits.ts'
import { findCampaign, listReachedStores, storesQuerySchema } from '#lib/back-in-service/progress.ts'
import { type CutOffEntry, findCutOffEntry } from '#lib/cut-offs/list.ts'
import { firstOfEach } from '#lib/http/paging.ts'
import { getDatabase } from '#lib/process/database.ts'
import { rowIdSchema } from '#lib/text/row-id.ts'
import { dayMs } from '#lib/time/units.ts'

export const metadata: Metadata = { title: 'Cut-off' }

type Props = PageProps<'/partners/[partnerId]/tokens/cut-offs/[cutOffId]'>

/** What ended, and the way back into service. */
export default async function PartnerCutOffEntryPage({ params, searchParams }: Props) {
  const { partnerId, cutOffId } = await params
  const { actor, partner } = await partnerOfPage(partnerId)
  const id = rowIdSchema.safeParse(cutOffId)
  if (!id.success) notFound()
  const db = getDatabase()
  const [cutOff, campaign] = await Promise.all([
    findCutOffEntry(actor, { cutOffId: id.data }, { db }),
    findCampaign(actor, { cutOffId: id.data }, { db }),
  ])
  if (!cutOff) notFound()
  const query = storesQuerySchema.parse(firstOfEach(await searchParams))
  const own = cutOffEntryPath(actor, cutOff.id)
  const href = (changed: Record<string, string | undefined>) => {
    const params = Object.entries({ state: query.state, ...changed }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as [string, string]],
    )
    return (params.length > 0 ? `${own}?${new URLSearchParams(params)}` : own) as Route
  }
  const mayChange = mayChangeTokens(actor)
  return (
    <>
      <PageHeader
        path={[
          { label: 'Manage Partner Tokens', href: partnerTokensPath(partner.id) },
          { label: 'Cut-offs', href: cutOffsPath(actor) },
        ]}
        title="Cut-off"
      >
        <PartnerLine partner={partner} />
      </PageHeader>
      <CutOffEntryPage
        cutOff={cutOff}
        reader="partner"
        evidenceHref={csvPath(actor, 'cut-off-evidence', [['of', cutOff.id]])}
        isUnderWay={campaign?.isOpen === true && campaign.reachedAt === null}
      >
        {campaign ? (
          <>
            <Card className="grid gap-4 p-5" aria-labelledby="service-title">
              <CampaignFacts
                campaign={campaign}
                heading={
                  <h2 id="service-title" className="text-sm font-medium text-soft">
                    Back in service
                  </h2>
                }
              />
              {mayChange && (
                <EndCampaign
                  action={endCampaignOf.bind(null, boundParty(actor))}
                  campaignId={campaign.id}
                  isOpen={campaign.isOpen}
                />
              )}
            </Card>
            <ReachedStores
              counts={campaign.counts}
              state={query.state}
              page={await listReachedStores(campaign, query, { db })}
              links={{
                state: (state) => href({ state }),
                page: (way, cursor) => href({ [way]: cursor }),
                token: (tokenId) => `${partnerTokensPath(partner.id)}/${tokenId}` as Route,
              }}
            />
          </>
        ) : (
          mayStart(cutOff) && (
            <Card className="grid gap-3 p-5" aria-labelledby="service-title">
              <h2 id="service-title" className="text-lg font-semibold">
                Back in service
              </h2>
              <p className="text-sm">
                Each store that lost a live token gets one new token. A store that has waived its consent: at
                once. Every other store is asked, and issues it with one click. You collect them here, store
                by store.
              </p>
              {mayChange ? (
                <StartCampaign action={startCampaignOf.bind(null, boundParty(actor))} cutOffId={cutOff.id} />
              ) : (
                <p className="text-sm text-soft">It takes an owner or an administrator.</p>
              )}
            </Card>
          )
        )}
      </CutOffEntryPage>
    </>
  )
}

/** A store that ended tokens by itself decides by itself whom it lets in again. */
const mayStart = ({ from, at, asOf }: CutOffEntry) =>
  from !== 'merchant' && asOf.getTime() - at.getTime() < startWithinDays * dayMs
