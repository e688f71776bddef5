import type { Metadata } from 'next'
import { changeAnswerToLeaks } from '#app/_actions/leaks.ts'
import { FindPage } from '#app/_finds/find-page.tsx'
import { StoreLine } from '#app/(merchant)/stores/[storeId]/store-line.tsx'
import { storeOfPage } from '#app/(merchant)/stores/[storeId]/store-of-page.ts'
import { boundParty } from '#app/bound-party.ts'
import { crumbsTo } from '#app/paths.ts'
import { LeakAnswerCard } from '#components/leaks/leak-answer-card.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { leakAnswerOf } from '#lib/leaks/change-answer.ts'
import { getDatabase } from '#lib/process/database.ts'
import { hasApis } from '#lib/tokens/model/policy.ts'
import { NoApis } from '../no-apis.tsx'

export const metadata: Metadata = { title: 'Find tokens in a text' }

type Props = PageProps<'/stores/[storeId]/real-time-links/api-settings/find'>

export default async function StoreFindPage({ params, searchParams }: Props) {
  const { actor, store } = await storeOfPage((await params).storeId)
  return (
    <>
      <PageHeader path={crumbsTo('find', store.id)} title="Find tokens in a text">
        <StoreLine store={store} />
      </PageHeader>
      {hasApis(store.package) ? (
        <div className="grid gap-5">
          <FindPage actor={actor} searchParams={await searchParams} />
          <LeakAnswerCard
            action={changeAnswerToLeaks.bind(null, boundParty(actor))}
            answer={await leakAnswerOf(actor, { db: getDatabase() })}
            mayChange={actor.role === 'owner'}
          />
        </div>
      ) : (
        <NoApis store={store} />
      )}
    </>
  )
}
