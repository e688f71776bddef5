import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cutOffAsOperator } from '#app/_actions/cut-offs.ts'
import { CutOffPage } from '#app/_cut-offs/cut-off-page.tsx'
import { ownOperator } from '#app/own-memberships.ts'
import { operatorCutOffEntryPath, operatorCutOffPath } from '#app/paths.ts'
import { CutOffList } from '#components/cut-offs/cut-off-list.tsx'
import { PartyId } from '#components/tokens/list/token-cells.tsx'
import { Button } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Field } from '#components/ui/field.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { partnerIdSchema } from '#lib/access/partner-id.ts'
import { listAllCutOffs } from '#lib/cut-offs/list.ts'
import { reviewOperatorCutOff } from '#lib/cut-offs/review.ts'
import { getDatabase } from '#lib/process/database.ts'

export const metadata: Metadata = { title: 'Cut-offs' }

/** For operators; to everybody else there is no such page. */
export default async function OperatorCutOffPage({ searchParams }: PageProps<'/operator/cut-off'>) {
  const operator = await ownOperator()
  if (!operator) notFound()
  const typed = ([(await searchParams).id ?? ''].flat()[0] ?? '').trim().slice(0, 100)
  const party = { of: partnerIdSchema.safeParse(typed).success ? 'partner' : 'store', id: typed } as const
  const db = getDatabase()
  const [found, cutOffs] = await Promise.all([
    typed === '' ? null : reviewOperatorCutOff(operator, party, { db }),
    listAllCutOffs(operator, { db }),
  ])
  const review = found?.ok ? found.value : null
  return (
    <>
      <PageHeader
        path={[{ label: 'Applications', href: '/operator/applications' }]}
        title="Cut-offs"
        heading={review ? `Revoke every token of ${review.partnerName || review.storeName}` : 'Cut-offs'}
      >
        {review && <PartyId id={typed} />}
      </PageHeader>
      <div className="grid max-w-3xl gap-5">
        <Card className="p-5">
          <form method="get" action={operatorCutOffPath} className="flex flex-wrap items-end gap-2.5">
            <Field
              id="party-id"
              name="id"
              label="Store ID or Partner ID"
              hint="The whole ID, as it stands on every page. What ends is shown before you confirm."
              error={found && !found.ok ? 'There is no store and no partner with this ID.' : undefined}
              defaultValue={typed}
              maxLength={100}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              required
              className="min-w-0 basis-full"
            />
            <Button type="submit">Look up</Button>
          </form>
        </Card>
        {review ? (
          <CutOffPage
            // Of another store or partner it is another form.
            key={typed}
            action={cutOffAsOperator}
            reader="operator"
            review={review}
            hidden={party}
            cutOffs={cutOffs}
            record={operatorCutOffPath}
            hrefOf={({ id }) => operatorCutOffEntryPath(id)}
            next="Tell both sides what to do next. Stores can issue new tokens at once."
          />
        ) : (
          <section aria-labelledby="all-cut-offs">
            <h2 id="all-cut-offs" className="mb-2 text-lg font-semibold">
              The last 50
            </h2>
            <CutOffList
              cutOffs={cutOffs}
              reader="operator"
              hrefOf={({ id }) => operatorCutOffEntryPath(id)}
            />
          </section>
        )}
      </div>
    </>
  )
}
