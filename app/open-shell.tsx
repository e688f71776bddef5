import type { ReactNode } from 'react'
import { PublicHeader } from '#components/ui/public-header.tsx'
import { isDatabaseOutage } from '#lib/process/database-outage.ts'
import { currentUser } from './_auth/current-user.ts'
import { SignedInShell } from './signed-in-shell.tsx'

/** What surrounds a page that is for everybody, signed in or not; it is there while the database does not answer, too. */
export async function OpenShell({ children }: { children: ReactNode }) {
  if (await isSomebodySignedIn()) return <SignedInShell side={null}>{children}</SignedInShell>
  return (
    <>
      <PublicHeader signIn="offered" />
      <main className="mx-auto max-w-[1120px] px-4 pt-4 pb-24 sm:px-6">{children}</main>
    </>
  )
}

async function isSomebodySignedIn(): Promise<boolean> {
  try {
    return (await currentUser()) !== null
  } catch (error) {
    if (!isDatabaseOutage(error)) throw error
    return false
  }
}
