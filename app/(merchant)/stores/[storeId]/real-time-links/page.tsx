import type { Metadata } from 'next'
import { apiSettingsPath, crumbsTo, tokenRequestsPath } from '#app/paths.ts'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { StoreLine } from '../store-line.tsx'
import { storeOfPage } from '../store-of-page.ts'

export const metadata: Metadata = { title: 'Real-Time Links' }

export default async function RealTimeLinksPage({ params }: PageProps<'/stores/[storeId]/real-time-links'>) {
  const { store } = await storeOfPage((await params).storeId)
  return (
    <>
      <PageHeader path={crumbsTo('real-time-links', store.id)} title="Real-Time Links">
        <StoreLine store={store} />
      </PageHeader>
      <Card className="divide-y divide-line">
        <div className="p-4">
          <h2 className="font-semibold">Real-Time Link Settings</h2>
          <p className="text-sm text-soft">
            Where the store sends each new order. Set up elsewhere on the platform.
          </p>
        </div>
        <div className="p-4">
          <h2>
            <Link
              href={apiSettingsPath(store.id)}
              className="inline-block py-0.5 font-semibold text-accent underline underline-offset-4"
            >
              API Settings
            </Link>
          </h2>
          <p className="text-sm text-soft">
            Which partners may call the store’s APIs, and with which tokens.
          </p>
        </div>
        <div className="p-4">
          <h2>
            <Link
              href={tokenRequestsPath(store.id)}
              className="inline-block py-0.5 font-semibold text-accent underline underline-offset-4"
            >
              New tokens after a cut-off
            </Link>
          </h2>
          <p className="text-sm text-soft">
            What partners ask for whose tokens were all revoked at once, and whether they have to ask.
          </p>
        </div>
      </Card>
    </>
  )
}
