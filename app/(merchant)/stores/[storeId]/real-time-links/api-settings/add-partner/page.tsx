import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { StoreLine } from '#app/(merchant)/stores/[storeId]/store-line.tsx'
import { storeOfPage } from '#app/(merchant)/stores/[storeId]/store-of-page.ts'
import { crumbsTo } from '#app/paths.ts'
import { PageHeader } from '#components/ui/page-header.tsx'
import { mayChangeTokens } from '#lib/access/actor.ts'
import { showLookedUp } from '#lib/partners/look-up-partner.ts'
import { inOrder } from '#lib/partners/schemas.ts'
import { getDatabase } from '#lib/process/database.ts'
import { typedToFind } from '#lib/text/search-text.ts'
import { type Api, hasApis } from '#lib/tokens/model/policy.ts'
import { NoApis } from '../no-apis.tsx'
import { ApisStep, PartnerStep, TermsStep } from './steps.tsx'

type Props = PageProps<'/stores/[storeId]/real-time-links/api-settings/add-partner'>

export async function generateMetadata({ params, searchParams }: Props): Promise<Metadata> {
  const { shown } = await stepOfPage((await params).storeId, await searchParams)
  const number = { partner: 1, apis: 2, terms: 3 }[shown]
  return { title: `Add New Partner, step ${number} of 3` }
}

/** Three steps whose state is the address: what was typed is there again, whichever way one goes. */
export default async function AddPartnerPage({ params, searchParams }: Props) {
  const { actor, store } = await storeOfPage((await params).storeId)
  if (!mayChangeTokens(actor)) notFound()
  return (
    <>
      <PageHeader path={crumbsTo('add-partner', store.id)} title="Add New Partner">
        <StoreLine store={store} />
      </PageHeader>
      {hasApis(store.package) ? await step() : <NoApis store={store} />}
    </>
  )

  async function step() {
    const { asked, found, typed, ticked, shown } = await stepOfPage(store.id, await searchParams)
    const shared = { storeId: store.id, typed, ticked }
    if (!found?.ok) return <PartnerStep {...shared} refusal={found?.refusal ?? null} />
    if (shown === 'terms') return <TermsStep {...shared} partner={found.value} />
    return <ApisStep {...shared} partner={found.value} problem={asked === 'terms' ? 'none-ticked' : null} />
  }
}

/** Once a page, for its title too. A page that is asked for counts nothing: pressing Next does. */
const lookUpOfPage = cache(async (storeId: string, typed: string) => {
  const { actor, store } = await storeOfPage(storeId)
  if (!mayChangeTokens(actor) || !hasApis(store.package)) return null
  return showLookedUp(actor, { typed }, { db: getDatabase() })
})

/** The step that is asked for, and the one that is shown: no later one than what was typed and ticked allows. */
async function stepOfPage(storeId: string, params: Record<string, string | string[] | undefined>) {
  const { step: asked, typed, ticked } = read(params)
  const found = asked === 'partner' ? null : await lookUpOfPage(storeId, typed)
  const shown: Step = !found?.ok ? 'partner' : asked === 'terms' && ticked.length === 0 ? 'apis' : asked
  return { asked, found, typed, ticked, shown }
}

type Step = 'partner' | 'apis' | 'terms'

/** What the address says; what cannot be understood is as if it were not there. */
function read(params: Record<string, string | string[] | undefined>): {
  step: Step
  typed: string
  ticked: Api[]
} {
  const step = (['apis', 'terms'] as const).find((known) => known === params.step) ?? 'partner'
  const typed = typedToFind([params.partner ?? ''].flat()[0] ?? '')
  const ticked = [params.api ?? []].flat().slice(0, 10)
  return { step, typed, ticked: inOrder(ticked as Api[]) }
}
