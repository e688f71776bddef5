import type { Metadata, Route } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { ChangeForm } from '#components/partners/change-form.tsx'
import { countOfTokens } from '#components/partners/removal-review.tsx'
import { PartyId } from '#components/tokens/token-cells.tsx'
import { apiList } from '#components/tokens/words.ts'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Time } from '#components/ui/time.tsx'
import { mayChangeTokens } from '#lib/auth/actor.ts'
import { getDatabase } from '#lib/database.ts'
import { findListedPartner } from '#lib/partners/access-list.ts'
import { changeStoreAccess } from '../../../../../../../_actions/access.ts'
import { accessListPath, crumbsTo, partnersTokensPath } from '../../../../../../../paths.ts'
import { storeOfPage } from '../../../../store-of-page.ts'

export const metadata: Metadata = { title: 'Partner' }

type Props = PageProps<'/stores/[storeId]/real-time-links/api-settings/partners/[partnerId]'>

export default async function AccessPage({ params }: Props) {
  const { storeId, partnerId } = await params
  const { actor, store } = await storeOfPage(storeId)
  const listed = await findListedPartner(actor, partnerId, { db: getDatabase() })
  if (!listed) notFound()
  const partner = { id: listed.partnerId, name: listed.partnerName }
  return (
    <>
      <PageHeader path={crumbsTo('access', store.id)} title={partner.name}>
        <PartyId id={partner.id} />
      </PageHeader>
      <Card className="grid max-w-2xl gap-4 p-5">
        <p>
          In the access list since <Time at={listed.addedAt} />, with{' '}
          <Link
            href={partnersTokensPath(store.id, partner.id)}
            className="text-accent underline underline-offset-4"
          >
            {countOfTokens(listed.liveTokens)}
          </Link>
          .
        </p>
        {mayChangeTokens(actor) ? (
          <ChangeForm
            action={changeStoreAccess.bind(null, store.id)}
            partnerId={partner.id}
            apis={listed.apis}
          />
        ) : (
          <p>It may call: {apiList(listed.apis)}. Changing it takes an owner or an administrator.</p>
        )}
        {mayChangeTokens(actor) && (
          <div className="border-t border-line pt-4">
            <ButtonLink look="danger" href={`${accessListPath(store.id)}?remove=${partner.id}` as Route}>
              Remove Partner…
            </ButtonLink>
          </div>
        )}
      </Card>
    </>
  )
}
