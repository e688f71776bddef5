import type { Metadata, Route } from 'next'
import { notFound } from 'next/navigation'
import {
  approveOpenApplication,
  declineOpenApplication,
  inviteApprovedApplicant,
} from '#app/_actions/applications.ts'
import { ownOperator } from '#app/own-memberships.ts'
import { operatorCutOffPath, operatorRefusalsPath } from '#app/paths.ts'
import { ApplicationList } from '#components/applications/application-list.tsx'
import { DecidedList } from '#components/applications/decided-list.tsx'
import { ButtonLink } from '#components/ui/button-link.tsx'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { decidedApplications, openApplications } from '#lib/applications/list.ts'
import { firstOfEach } from '#lib/http/paging.ts'
import { getDatabase } from '#lib/process/database.ts'

export const metadata: Metadata = { title: 'Applications for Partner Access' }

const path = '/operator/applications'
const tabs = { open: 'Open', decided: 'Decided' }
const firstPages = { open: path as Route, decided: `${path}?show=decided` as Route }
const emptyTexts = {
  open: 'No application waits for a decision.',
  decided: 'No application has been decided yet.',
}

/** For operators; to everybody else there is no such page. */
export default async function ApplicationsPage({ searchParams }: PageProps<'/operator/applications'>) {
  const operator = await ownOperator()
  if (!operator) notFound()
  const asked = await searchParams
  const show = asked.show === 'decided' ? 'decided' : 'open'
  const { after } = firstOfEach(asked)
  const tools = { db: getDatabase() }
  const listed =
    show === 'open'
      ? { show: 'open' as const, ...(await openApplications(operator, { after }, tools)) }
      : { show: 'decided' as const, ...(await decidedApplications(operator, { after }, tools)) }
  const { applications, isFirst, next } = listed
  return (
    <>
      <PageHeader title="Applications for Partner Access">
        <Link href={operatorCutOffPath} className="text-accent underline underline-offset-4">
          Cut-offs: in an emergency
        </Link>
        <Link href={operatorRefusalsPath} className="text-accent underline underline-offset-4">
          How soon a revoked token is refused
        </Link>
      </PageHeader>
      <nav aria-label="Applications" className="mb-5 flex gap-x-1 border-b border-line text-sm">
        {(Object.keys(tabs) as (keyof typeof tabs)[]).map((tab) => (
          <Link
            key={tab}
            href={firstPages[tab]}
            aria-current={tab === show ? 'page' : undefined}
            className="-mb-px border-b-2 border-transparent px-2.5 py-2 text-soft hover:text-ink aria-[current]:border-accent aria-[current]:font-medium aria-[current]:text-ink"
          >
            {tabs[tab]}
          </Link>
        ))}
      </nav>
      {listed.show === 'open' ? (
        <ApplicationList
          applications={listed.applications}
          approve={approveOpenApplication}
          decline={declineOpenApplication}
        />
      ) : (
        <DecidedList applications={listed.applications} inviteAgain={inviteApprovedApplicant} />
      )}
      {applications.length === 0 && (
        <Card className="px-4 py-12 text-center text-soft">
          {isFirst ? emptyTexts[show] : 'This page of the list is empty.'}
        </Card>
      )}
      {(next || !isFirst) && (
        <nav aria-label="Pages" className="mt-5 flex flex-wrap justify-between gap-2">
          {isFirst ? <span /> : <ButtonLink href={firstPages[show]}>First page</ButtonLink>}
          {next && (
            <ButtonLink href={`${path}?${new URLSearchParams({ show, after: next })}` as Route}>
              Next page
            </ButtonLink>
          )}
        </nav>
      )}
    </>
  )
}
