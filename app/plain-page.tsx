import type { ReactNode } from 'react'
import { UnconfirmedNote } from './unconfirmed-note.tsx'

/** A page of one card for people who need not be signed in. */
export function PlainPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="mx-auto grid w-full max-w-md gap-5 px-4 py-12">
      <div>
        <p className="font-semibold tracking-tight">Partner Tokens</p>
        <h1 className="mt-6 text-[26px] leading-tight font-semibold tracking-tight wrap-anywhere">{title}</h1>
      </div>
      <UnconfirmedNote />
      {children}
    </main>
  )
}
