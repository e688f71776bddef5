import type { Metadata, Route } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { changeStoreAccess, issueStoreToken } from '#app/_actions/access.ts'
import { RequestBanner } from '#app/_back-in-service/request-banner.tsx'
import { CutOffBanner } from '#app/_cut-offs/cut-off-banner.tsx'
import { StoreLine } from '#app/(merchant)/stores/[storeId]/store-line.tsx'
import { storeOfPage } from '#app/(merchant)/stores/[storeId]/store-of-page.ts'
import { boundParty } from '#app/bound-party.ts'
import {
  accessListPath,
  accessPath,
  apiSettingsPath,
  crumbsTo,
  csvPath,
  cutOffsPath,
  issuePath,
  partnerCutOffPath,
  partnersTokensPath,
} from '#app/paths.ts'
import { EmergencyCard } from '#components/cut-offs/emergency-card.tsx'
import { AccessHistory } from '#components/partners/access-history.tsx'
import { ChangeForm } from '#components/partners/change-form.tsx'
import { Issuance } from '#components/partners/issuance.tsx'
import { countOfTokens } from '#components/partners/removal-review.tsx'
import { PartyId } from '#components/tokens/list/token-cells.tsx'
import { TokenTimeLine } from '#components/tokens/timeline/token-time-line.tsx'
import { apiList } from '#components/tokens/words.ts'
import { ButtonLink } from '#components/ui/button-link.tsx'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Time } from '#components/ui/time.tsx'
import { mayChangeTokens } from '#lib/access/actor.ts'
import { accessHistory } from '#lib/audit/history.ts'
import { findListedPartner } from '#lib/partners/access-list.ts'
import { getDatabase } from '#lib/process/database.ts'
import { boundsOfIssue } from '#lib/tokens/issue.ts'
import { hasApis } from '#lib/tokens/model/policy.ts'
import { tokensOfPartner } from '#lib/tokens/review/tokens-of-partner.ts'

type Props = PageProps<'/stores/[storeId]/real-time-links/api-settings/partners/[partnerId]'>

/** Once for the page and its title. */
const listedOfPage = cache(async (storeId: string, partnerId: string) => {
  const { actor } = await storeOfPage(storeId)
  const listed = await findListedPartner(actor, partnerId, { db: getDatabase() })
  if (!listed) notFound()
  return listed
})

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { storeId, partnerId } = await params
  const { partnerName } = await listedOfPage(storeId, partnerId)
  return { title: partnerName }
}

export default async function AccessPage({ params, searchParams }: Props) {
  const { storeId, partnerId } = await params
  const { actor, store } = await storeOfPage(storeId)
  const db = getDatabase()
  const [listed, history, all] = await Promise.all([
    listedOfPage(storeId, partnerId),
    accessHistory(actor, partnerId, { db }),
    tokensOfPartner(actor, partnerId, { db }),
  ])
  const partner = { id: listed.partnerId, name: listed.partnerName }
  const mayChange = mayChangeTokens(actor)
  const mayIssue = mayChange && hasApis(store.package)
  const isIssuing = mayIssue && (await searchParams).issue !== undefined
  return (
    <>
      <PageHeader path={crumbsTo('access', store.id)} title={partner.name}>
        <PartyId id={partner.id} />
        <span className="flex basis-full flex-wrap items-center gap-x-2.5 gap-y-1">
          <StoreLine store={store} />
        </span>
      </PageHeader>
      {isIssuing && (
        <Issuance
          action={issueStoreToken.bind(null, boundParty(actor))}
          partner={partner}
          apis={listed.apis}
          bounds={listed.liveTokens === 0 ? await boundsOfIssue({ db }) : null}
          tokensHref={partnersTokensPath(store.id, partner.id)}
          closeHref={accessPath(store.id, partner.id)}
        />
      )}
      <RequestBanner actor={actor} partnerId={partner.id} />
      <CutOffBanner actor={actor} partnerId={partner.id} />
      {listed.liveTokens === 0 && (
        <Notice kind="warn" className="mb-5 max-w-2xl" title="It has no live token.">
          <p className="text-sm">
            Its calls are refused.{' '}
            {mayIssue
              ? 'A new token lets it in again, with the APIs that are ticked here.'
              : mayChange
                ? 'The store’s package has no APIs, so that no token can be issued.'
                : 'Issuing a new one takes an owner or an administrator.'}
          </p>
          {mayIssue && (
            <p className="mt-1.5">
              <ButtonLink href={issuePath(store.id, partner.id)} scroll={false}>
                Issue a New Token
              </ButtonLink>
            </p>
          )}
        </Notice>
      )}
      <Card className="grid max-w-2xl gap-4 p-5">
        <p>
          In the access list since <Time at={listed.addedAt} />
          {listed.liveTokens > 0 && (
            <>
              , with{' '}
              <Link
                href={partnersTokensPath(store.id, partner.id)}
                className="text-accent underline underline-offset-4"
              >
                {countOfTokens(listed.liveTokens)}
              </Link>
            </>
          )}
          .
        </p>
        {mayChange ? (
          <ChangeForm
            action={changeStoreAccess.bind(null, boundParty(actor))}
            partnerId={partner.id}
            apis={listed.apis}
          />
        ) : (
          <p>It may call: {apiList(listed.apis)}. Changing it takes an owner or an administrator.</p>
        )}
        {mayChange && (
          <div className="border-t border-line pt-4">
            <ButtonLink
              look="danger-quiet"
              href={`${accessListPath(store.id)}?remove=${partner.id}` as Route}
            >
              Remove Partner…
            </ButtonLink>
          </div>
        )}
      </Card>
      <TokenTimeLine
        tokens={all.tokens}
        older={all.older}
        list={apiSettingsPath(store.id)}
        ended={`${partnersTokensPath(store.id, partner.id)}&show=ended` as Route}
      />
      {history.length > 0 && (
        <AccessHistory history={history} csvHref={csvPath(actor, 'access-history', [['of', partner.id]])} />
      )}
      <EmergencyCard
        label="Revoke every token of this partner at this store…"
        href={mayChange ? partnerCutOffPath(store.id, partner.id) : null}
        text="All its tokens for this store can be revoked at once, however many there are. You are shown what ends, and asked first. The partner stays in the access list."
        who="an owner or an administrator"
        record={cutOffsPath(actor)}
      />
    </>
  )
}
