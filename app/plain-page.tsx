import type { ReactNode } from 'react'
import { PublicHeader } from '#components/ui/public-header.tsx'
import { UnconfirmedNote } from './unconfirmed-note.tsx'

/** A page of one card for people who need not be signed in. */
export function PlainPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <PublicHeader signIn="left out" />
      <main className="mx-auto grid w-full max-w-md gap-5 px-4 py-12">
        <h1 className="text-[26px] leading-tight font-semibold tracking-tight wrap-anywhere">{title}</h1>
        <UnconfirmedNote />
        {children}
      </main>
    </>
  )
}
