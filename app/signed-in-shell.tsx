import type { ReactNode } from 'react'
import { NeverFromMemory } from '#components/ui/full-load.tsx'
import { Keys } from '#components/ui/keys.tsx'
import { LoadingLine } from '#components/ui/loading-line.tsx'
import { countedTo } from '#components/ui/numbers.ts'
import { SiteHeader } from '#components/ui/site-header.tsx'
import { Time, WriteDates } from '#components/ui/time.tsx'
import { TokenTyped } from '#components/ui/token-typed.tsx'
import type { Side } from '#lib/access/actor.ts'
import { countUnread, maxUnreadShown } from '#lib/notifications/inbox.ts'
import { getDatabase } from '#lib/process/database.ts'
import { requireUser } from './_auth/require-user.ts'
import { readAppearance } from './appearance.ts'
import { ownMemberships, ownOperator } from './own-memberships.ts'
import { partnerHome } from './partner-home.ts'
import { inboxPaths } from './paths.ts'
import { SignOut } from './sign-out.tsx'
import { UnconfirmedNote } from './unconfirmed-note.tsx'

/** What surrounds every page behind the sign-in. */
export async function SignedInShell({ side, children }: { side: Side | null; children: ReactNode }) {
  const user = await requireUser()
  const [{ stores, partners }, operator] = await Promise.all([ownMemberships(), ownOperator()])
  const inboxSide = side ?? (stores.length > 0 ? 'merchant' : 'partner')
  const unread = await countUnread({ ...user, side: inboxSide }, { db: getDatabase() })
  return (
    <WriteDates formats={{ language: user.language, timeZone: user.timeZone }}>
      <NeverFromMemory />
      {(await readAppearance()).keys === 'on' && <Keys />}
      <LoadingLine>
        <SiteHeader
          userName={user.name}
          side={side}
          sides={{ merchant: stores.length > 0 ? '/my-services' : null, partner: partnerHome(partners) }}
          inbox={{ href: inboxPaths[inboxSide], unread: countedTo(maxUnreadShown, unread) }}
          operatorHome={operator ? '/operator/applications' : null}
          signOut={<SignOut />}
        />
        <main className="mx-auto max-w-(--page-width) px-4 pt-4 pb-24 sm:px-6">
          <p className="mb-2 hidden text-[13px] print:block">
            Partner Tokens · printed by <bdi>{user.name}</bdi> on{' '}
            <Time at={new Date()} show="date-and-time" />
          </p>
          <UnconfirmedNote />
          <TokenTyped />
          {children}
        </main>
      </LoadingLine>
    </WriteDates>
  )
}
