import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { CanaryState } from '#components/canary/canary-state.tsx'
import { FigureTable } from '#components/canary/figure-table.tsx'
import { PublicHeader } from '#components/ui/public-header.tsx'
import { readPublicFigure } from '#lib/canary/public-figure.ts'
import { env } from '#lib/process/env.ts'

export const metadata: Metadata = { title: 'Status' }

/** For everybody, where `PUBLIC_STATUS` says so; elsewhere there is no such page. */
export default async function StatusPage() {
  if (env().PUBLIC_STATUS !== '1') notFound()
  const figure = await readPublicFigure()
  return (
    <>
      <PublicHeader signIn="offered" />
      <main className="mx-auto grid w-full max-w-2xl gap-5 px-4 py-12">
        <div>
          <h1 className="text-[26px] leading-tight font-semibold tracking-tight text-balance">
            How soon a revoked token is refused
          </h1>
          <p className="mt-1 text-soft">
            Each minute a token is issued, used, revoked, and used until every API server refuses it.
          </p>
        </div>
        <CanaryState figure={figure} names="hidden" />
        <FigureTable figure={figure} of="canary" />
      </main>
    </>
  )
}
