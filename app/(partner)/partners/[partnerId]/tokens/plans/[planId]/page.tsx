import type { Metadata } from 'next'
import { PlanPage } from '#app/_plans/plan-page.tsx'
import { PartnerLine } from '#app/(partner)/partners/[partnerId]/partner-line.tsx'
import { partnerOfPage } from '#app/(partner)/partners/[partnerId]/partner-of-page.ts'
import { partnerTokensPath, plansPath } from '#app/paths.ts'

export const metadata: Metadata = { title: 'Plan' }

export default async function PartnerPlanPage({
  params,
  searchParams,
}: PageProps<'/partners/[partnerId]/tokens/plans/[planId]'>) {
  const { partnerId, planId } = await params
  const { actor, partner } = await partnerOfPage(partnerId)
  return (
    <PlanPage
      actor={actor}
      planId={planId}
      searchParams={await searchParams}
      path={[
        { label: 'Manage Partner Tokens', href: partnerTokensPath(partner.id) },
        { label: 'Plans', href: plansPath(actor) },
      ]}
      party={<PartnerLine partner={partner} />}
    />
  )
}
