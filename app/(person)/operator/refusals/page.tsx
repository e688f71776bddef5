import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ownOperator } from '#app/own-memberships.ts'
import { CanaryState } from '#components/canary/canary-state.tsx'
import { FigureTable } from '#components/canary/figure-table.tsx'
import { WhatItProves } from '#components/canary/what-it-proves.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { readCanaryFigure } from '#lib/canary/figure.ts'
import { getDatabase } from '#lib/process/database.ts'

export const metadata: Metadata = { title: 'Refusals' }

/** For operators: how soon a revoked token is refused. To everybody else there is no such page. */
export default async function RefusalsPage() {
  if (!(await ownOperator())) notFound()
  const figure = await readCanaryFigure({ db: getDatabase() })
  return (
    <>
      <PageHeader
        path={[{ label: 'Applications', href: '/operator/applications' }]}
        title="Refusals"
        heading="How soon a revoked token is refused"
      >
        A canary each minute: a token of its own is issued, called, revoked, and called until every API server
        refuses it.
      </PageHeader>
      <div className="grid max-w-3xl gap-5">
        <CanaryState figure={figure} names="shown" />
        <FigureTable figure={figure} of="canary-and-people" />
        <WhatItProves />
      </div>
    </>
  )
}
