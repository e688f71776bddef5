import type { Metadata } from 'next'
import { helpPath } from '#components/help/help-path.ts'
import { packageNames } from '#components/tokens/words.ts'
import { Card } from '#components/ui/card.tsx'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { Link } from '#components/ui/link.tsx'
import { countedTo } from '#components/ui/numbers.ts'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { getDatabase } from '#lib/process/database.ts'
import { countLiveTokensByStore, maxLiveShown } from '#lib/stores/count-live-tokens.ts'
import { expiringWithinDays } from '#lib/tokens/limits.ts'
import { countExpiringByStore, maxExpiringShown } from '#lib/tokens/review/expiring.ts'
import { ClosedParties } from '../../closed-parties.tsx'
import { ownMemberships } from '../../own-memberships.ts'
import { apiSettingsPath, expiringTokensPath, storePath } from '../../paths.ts'

export const metadata: Metadata = { title: 'My Services' }

export default async function MyServicesPage() {
  const { stores } = await ownMemberships()
  const open = stores.filter(({ access }) => access === 'open')
  const db = getDatabase()
  const [expiring, live] = await Promise.all([
    countExpiringByStore(open, { db }),
    countLiveTokensByStore(open, { db }),
  ])
  return (
    <>
      <PageHeader title="My Services" />
      <ClosedParties side="merchant" />
      {stores.length === 0 && (
        <Card className="grid justify-items-center gap-2 px-4 py-12 text-center text-soft">
          <p>You have no services here. Ask the owner of a store to invite you, under Members.</p>
          <Link
            href={helpPath('merchant', 'token')}
            className="py-1 text-accent underline underline-offset-4"
          >
            What is this site for?
          </Link>
        </Card>
      )}
      <ul className="grid gap-4 sm:grid-cols-2">
        {stores.map((store) => (
          <li key={store.storeId} className="min-w-0">
            <Card
              className="grid h-full content-between gap-4 p-4"
              aria-labelledby={`store-${store.storeId}`}
            >
              <div className="grid gap-1.5">
                <h2 id={`store-${store.storeId}`} className="text-base font-semibold wrap-anywhere">
                  <bdi>{store.name}</bdi>
                </h2>
                <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-soft">
                  <span className="font-mono text-[13px] wrap-anywhere">{store.storeId}</span>
                  <CopyButton what={`the store ID of ${store.name}`} text={store.storeId} />
                  {store.access === 'open' && <Tag>{packageNames[store.package]}</Tag>}
                </p>
                <ExpiringTokens storeId={store.storeId} count={expiring.get(store.storeId) ?? 0} />
              </div>
              <div>
                <h3 className="text-[13px] text-soft">Control Panels</h3>
                <div className="flex flex-wrap items-baseline gap-x-5">
                  <Link
                    href={storePath(store.storeId)}
                    aria-describedby={`store-${store.storeId}`}
                    className="inline-block py-1 font-medium text-accent underline underline-offset-4 max-sm:py-3"
                  >
                    Store
                  </Link>
                  {store.access === 'open' && (
                    <p>
                      <Link
                        href={apiSettingsPath(store.storeId)}
                        aria-describedby={`store-${store.storeId}`}
                        className="inline-block py-1 font-medium text-accent underline underline-offset-4 max-sm:py-3"
                      >
                        API Settings
                      </Link>{' '}
                      <span className="text-[13px] text-soft">
                        {tokensText(live.get(store.storeId) ?? 0)}
                      </span>
                    </p>
                  )}
                </div>
              </div>
            </Card>
          </li>
        ))}
      </ul>
    </>
  )
}

function tokensText(live: number): string {
  return live === 0 ? 'no tokens yet' : live === 1 ? '1 token' : `${countedTo(maxLiveShown, live)} tokens`
}

/** Counted to a hundred. */
function ExpiringTokens({ storeId, count }: { storeId: string; count: number }) {
  if (count === 0) return null
  return (
    <Link
      href={expiringTokensPath(storeId)}
      aria-describedby={`store-${storeId}`}
      className="justify-self-start py-1 text-warn underline underline-offset-4"
    >
      {count > maxExpiringShown
        ? `More than ${maxExpiringShown} tokens expire`
        : count === 1
          ? 'A token expires'
          : `${count} tokens expire`}{' '}
      within {expiringWithinDays} days
    </Link>
  )
}
