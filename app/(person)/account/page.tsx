import type { Metadata } from 'next'
import { userAgentFromString } from 'next/server'
import { FormatsForm, NameForm, PasswordForm } from '#components/account/account-forms.tsx'
import { AppearanceForm } from '#components/account/appearance-form.tsx'
import { SessionList } from '#components/account/session-list.tsx'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Time } from '#components/ui/time.tsx'
import { type Language, timeZones } from '#lib/auth/formats.ts'
import { hasPassword } from '#lib/auth/passwords/change-password.ts'
import { listSessions, type OwnSession } from '#lib/auth/sessions/list-sessions.ts'
import { mailProblemOf } from '#lib/notifications/mails/mail-problem.ts'
import { getDatabase } from '#lib/process/database.ts'
import { saveAppearance, saveFormats, saveName, savePassword } from '../../_actions/account.ts'
import { endSessions } from '../../_actions/sessions.ts'
import { requireUser } from '../../_auth/require-user.ts'
import { readAppearance } from '../../appearance.ts'
import { MailChoices } from './mails-section.tsx'
import { Security } from './security.tsx'

export const metadata: Metadata = { title: 'Your account' }

export default async function AccountPage({ searchParams }: PageProps<'/account'>) {
  const user = await requireUser()
  const isNeeded = (await searchParams)['second-factor'] !== undefined
  const db = getDatabase()
  const now = new Date()
  const [sessions, mayChangePassword, mailProblem] = await Promise.all([
    listSessions(user, { db, now }),
    hasPassword(user, { db }),
    mailProblemOf(user, { db }),
  ])
  return (
    <>
      <PageHeader title="Your account">
        <span className="wrap-anywhere">
          {user.name} · {user.email}
        </span>
      </PageHeader>
      <div className="grid gap-5">
        {mailProblem && (
          <Notice kind="danger" title="Mails to you do not arrive">
            <p className="wrap-anywhere">
              At least one was given up, first on <Time at={mailProblem.since} show="date-and-time" />. The
              mail server said: “<bdi>{mailProblem.problem}</bdi>”. Ask whoever runs your mailbox. What
              happened to your stores and partners is in your inbox here; this notice goes once a mail is
              taken.
            </p>
          </Notice>
        )}
        <Card className="p-5" aria-labelledby="name-title">
          <h2 id="name-title" className="text-lg font-semibold">
            Name
          </h2>
          <NameForm save={saveName} name={user.name} />
        </Card>
        <Card className="p-5" aria-labelledby="password-title">
          <h2 id="password-title" className="text-lg font-semibold">
            Password
          </h2>
          {mayChangePassword ? (
            <>
              <p className="mt-1 text-soft">A new password ends all your other sessions.</p>
              <PasswordForm save={savePassword} email={user.email} />
            </>
          ) : (
            <p className="mt-1 text-soft">You sign in with single sign-on: there is no password here.</p>
          )}
        </Card>
        <Security user={user} isNeeded={isNeeded} />
        <Card className="p-5" aria-labelledby="formats-title">
          <h2 id="formats-title" className="text-lg font-semibold">
            Language and time zone
          </h2>
          <p className="mt-1 text-soft">How dates and times are written for you, on every page.</p>
          <FormatsForm
            save={saveFormats}
            formats={{ language: user.language, timeZone: user.timeZone }}
            timeZones={timeZones}
            examples={{ 'en-GB': exampleIn('en-GB', now), 'en-US': exampleIn('en-US', now) }}
          />
        </Card>
        <Card className="p-5" aria-labelledby="appearance-title">
          <h2 id="appearance-title" className="text-lg font-semibold">
            Colours and keys
          </h2>
          <p className="mt-1 text-soft">For this browser only.</p>
          <AppearanceForm save={saveAppearance} appearance={await readAppearance()} />
        </Card>
        <Card className="p-5" aria-labelledby="sessions-title">
          <h2 id="sessions-title" className="text-lg font-semibold">
            Where you are signed in
          </h2>
          <p className="mt-1 text-soft">
            End what you do not recognise or no longer use. It is signed out at once.
          </p>
          <SessionList
            action={endSessions}
            sessions={sessions.map((session) => ({ ...session, device: deviceOf(session) }))}
          />
        </Card>
      </div>
      <MailChoices userId={user.userId} />
    </>
  )
}

/** Some afternoon of this year, so that the two ways of writing differ. */
function exampleIn(language: Language, now: Date): string {
  const format = new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'UTC',
  })
  return format.format(Date.UTC(now.getUTCFullYear(), 10, 25, 14, 30)).replaceAll(/[\u202f\u00a0]/g, ' ')
}

/** `Firefox on Windows`, as far as the browser says. */
function deviceOf({ userAgent }: OwnSession): string {
  if (!userAgent) return 'Unknown browser'
  const { browser, os } = userAgentFromString(userAgent)
  const name = browser.name?.replace(/Mobile|Headless|WebView/, '').trim()
  if (!name) return userAgent.slice(0, 60)
  return os.name ? `${name} on ${os.name}` : name
}
