import type { ReactNode } from 'react'
import type { ListedApplication } from '#lib/applications/list.ts'
import { Tag } from '../ui/tag.tsx'
import { Time } from '../ui/time.tsx'

/** What a company tells of itself, and what was made of it. */
export function ApplicationFacts({ application }: { application: ListedApplication }) {
  const { id, company, decision, decidedAt, decidedBy, partnerId, answer } = application
  return (
    <>
      <h2
        id={`company-${id}`}
        className="flex flex-wrap items-center gap-2 text-lg font-semibold wrap-anywhere"
      >
        <bdi>{company}</bdi>
        {decision && (
          <Tag look={decision === 'approved' ? 'ok' : 'danger'}>
            {decision === 'approved' ? 'Approved' : 'Declined'}
          </Tag>
        )}
      </h2>
      <dl className="mt-3 grid gap-2">
        <Fact title="Sent">
          <Time at={application.submittedAt} show="date-and-time" />
        </Fact>
        <Fact title="Address">{application.address}</Fact>
        <Fact title="Contact">
          {application.contact}
          {'\n'}
          {application.email}
          {application.phone && `\n${application.phone}`}
        </Fact>
        <Fact title="Description">{application.description}</Fact>
        {decidedAt && (
          <Fact title="Decided">
            <Time at={decidedAt} show="date-and-time" /> by <bdi>{decidedBy}</bdi>
          </Fact>
        )}
        {partnerId && <Fact title="Partner ID">{partnerId}</Fact>}
        {answer && <Fact title="Answer">{answer}</Fact>}
      </dl>
    </>
  )
}

function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="grid gap-x-4 sm:grid-cols-[8rem_1fr]">
      <dt className="text-sm text-soft">{title}</dt>
      <dd className="min-w-0 whitespace-pre-line wrap-anywhere" dir="auto">
        {children}
      </dd>
    </div>
  )
}
