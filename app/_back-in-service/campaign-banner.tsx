import { cutOffEntryPath } from '#app/paths.ts'
import { CampaignLine } from '#components/back-in-service/campaign-card.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import type { PartnerActor } from '#lib/access/actors.ts'
import { findCampaign, openCampaigns } from '#lib/back-in-service/progress.ts'
import { saidForDays } from '#lib/cut-offs/limits.ts'
import { listCutOffs } from '#lib/cut-offs/list.ts'
import { getDatabase } from '#lib/process/database.ts'
import { dayMs } from '#lib/time/units.ts'

/** Above a partner's list: how far it is on its way back into service, or that it can begin. */
export async function CampaignBanner({ actor }: { actor: PartnerActor }) {
  const db = getDatabase()
  const [campaign] = await openCampaigns(actor, { db })
  if (campaign) return <CampaignLine campaign={campaign} href={cutOffEntryPath(actor, campaign.cutOffId)} />
  // Of what others have done the banner of cut-offs says it.
  const last = (await listCutOffs(actor, { db })).find(({ from }) => from === 'partner')
  if (!last || last.asOf.getTime() - last.at.getTime() > saidForDays * dayMs) return null
  if (await findCampaign(actor, { cutOffId: last.id }, { db })) return null
  return (
    <Notice kind="warn" className="mb-5" title="All your tokens were revoked at once.">
      <p className="text-sm">
        <Link href={cutOffEntryPath(actor, last.id)} className="font-semibold underline underline-offset-4">
          Get new tokens from all stores
        </Link>{' '}
        in one step, or let each store issue one by hand.
      </p>
    </Notice>
  )
}
