import type { Metadata } from 'next'
import { userAgentFromString } from 'next/server'
import { Card } from '#components/ui/card.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { listSessions, type OwnSession } from '#lib/auth/list-sessions.ts'
import { requireUser } from '#lib/auth/require-user.ts'
import { getDatabase } from '#lib/database.ts'
import { SignedInShell } from '../signed-in-shell.tsx'
import { MailChoices } from './mail-choices.tsx'
import { SessionList } from './session-list.tsx'

export const metadata: Metadata = { title: 'Your account' }

export default async function AccountPage() {
  const user = await requireUser()
  const sessions = await listSessions(user, { db: getDatabase(), now: new Date() })
  return (
    <SignedInShell side={null}>
      <PageHeader title="Your account">
        <span className="wrap-anywhere">
          {user.name} · {user.email}
        </span>
      </PageHeader>
      <Card className="p-5">
        <h2 className="text-lg font-semibold">Where you are signed in</h2>
        <p className="mt-1 text-soft">
          End what you do not recognise or no longer use. It is signed out at once.
        </p>
        <SessionList sessions={sessions.map((session) => ({ ...session, device: deviceOf(session) }))} />
      </Card>
      <MailChoices userId={user.userId} />
    </SignedInShell>
  )
}

/** `Firefox on Windows`, as far as the browser says. */
function deviceOf({ userAgent }: OwnSession): string {
  if (!userAgent) return 'Unknown browser'
  const { browser, os } = userAgentFromString(userAgent)
  const name = browser.name?.replace(/Mobile|Headless|WebView/, '').trim()
  if (!name) return userAgent.slice(0, 60)
  return os.name ? `${name} on ${os.name}` : name
}
