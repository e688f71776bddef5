import type { Metadata, Route } from 'next'
import { apiSettingsPath, crumbsTo, membersPath, realTimeLinksPath } from '#app/paths.ts'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { StoreLine } from './store-line.tsx'
import { storeOfPage } from './store-of-page.ts'

export const metadata: Metadata = { title: 'Store Manager' }

/** The columns of the Store Manager. Only what leads to API Settings is part of this product; the rest are words. */
const columns: { title: string; entries: string[] }[] = [
  { title: 'Edit', entries: ['Catalog Manager', 'Store Editor', 'Store Tags'] },
  { title: 'Promote', entries: ['Coupon Manager', 'Gift Certificates', 'Cross-Sell'] },
  { title: 'Order Settings', entries: ['Pay Methods', 'Shipping Manager', 'Tax Rates'] },
  { title: 'Process', entries: ['Orders', 'Catalog Requests', 'Email Templates'] },
  { title: 'Statistics', entries: ['Reports', 'References', 'Searches'] },
  { title: 'Site Settings', entries: ['Domain Names', 'Site Access', 'Time Zone'] },
]

export default async function StoreManagerPage({ params }: PageProps<'/stores/[storeId]'>) {
  const { store } = await storeOfPage((await params).storeId)
  return (
    <>
      <PageHeader path={crumbsTo('store-manager', store.id)} title="Store Manager">
        <StoreLine store={store} />
      </PageHeader>
      <p className="mb-4 flex flex-wrap items-baseline gap-x-2 rounded-xl border border-line bg-card px-4 py-3 max-sm:pt-0.5">
        <Link
          href={apiSettingsPath(store.id)}
          className="py-1 font-medium text-accent underline underline-offset-4 max-sm:py-3"
        >
          API Settings
        </Link>
        <span className="text-soft">Who may use this store’s data: partners and their tokens.</span>
      </p>
      <div className="grid gap-px overflow-hidden rounded-xl border border-line bg-line sm:grid-cols-2 lg:grid-cols-3">
        {columns.map(({ title, entries }) => (
          <section key={title} className="bg-card p-4" aria-labelledby={columnId(title)}>
            <h2 id={columnId(title)} className="mb-2 text-[15px] font-semibold">
              {title}
            </h2>
            <ul className="grid gap-1">
              {linksIn(title, store.id).map(([label, href]) => (
                <li key={label}>
                  <Link
                    href={href}
                    className="inline-block py-0.5 font-medium text-accent underline underline-offset-4"
                  >
                    {label}
                  </Link>
                </li>
              ))}
              {entries.map((entry) => (
                <li key={entry} className="py-0.5 text-soft">
                  {entry}
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      <p className="mt-4 text-sm text-soft">What is not a link is set up elsewhere on the platform.</p>
    </>
  )
}

function linksIn(title: string, storeId: string): [label: string, href: Route][] {
  if (title === 'Order Settings') return [['Real-Time Links', realTimeLinksPath(storeId)]]
  if (title === 'Site Settings') return [['Members', membersPath({ side: 'merchant', storeId })]]
  return []
}

const columnId = (title: string) => `column-${title.replace(' ', '-').toLowerCase()}`
