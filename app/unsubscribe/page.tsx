import type { Metadata } from 'next'
import { mailKindNames } from '#components/notices/words.ts'
import { Button } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { authSecret } from '#lib/auth/sessions/secret.ts'
import { wantedMails } from '#lib/notifications/mail-choices.ts'
import { readSignedMails } from '#lib/notifications/unsubscribe-link.ts'
import { getDatabase } from '#lib/process/database.ts'
import { oneClickPath } from '../paths.ts'
import { PlainPage } from '../plain-page.tsx'

export const metadata: Metadata = { title: 'Stop mails' }

/** Where the link of a mail leads; nobody has to sign in for that, the link is signed. */
export default async function UnsubscribePage({ searchParams }: PageProps<'/unsubscribe'>) {
  const { mails: signed } = await searchParams
  const mails = readSignedMails(signed, authSecret())
  const isStopped = mails
    ? !(await wantedMails(mails, { db: getDatabase() })).includes(mails.kind)
    : undefined
  return (
    <PlainPage title={titleOf(isStopped)}>
      <Card className="grid gap-4 p-5">
        {mails ? (
          <StopMails
            kind={mailKindNames[mails.kind]}
            signed={String(signed)}
            isStopped={isStopped === true}
          />
        ) : (
          <p>
            It was cut off on the way, or is not from us. Sign in and choose in your account what is mailed to
            you.
          </p>
        )}
        <p>
          <Link href="/account#mails" className="py-1 font-medium text-accent underline underline-offset-4">
            Choose what is mailed to you
          </Link>
        </p>
      </Card>
    </PlainPage>
  )
}

/** @param isStopped undefined where the link does not work. */
function titleOf(isStopped: boolean | undefined): string {
  if (isStopped === undefined) return 'This link does not work'
  return isStopped ? 'You get no more mails of this kind' : 'Stop these mails?'
}

function StopMails({ kind, signed, isStopped }: { kind: string; signed: string; isStopped: boolean }) {
  if (isStopped) return <p>“{kind}” still shows in your inbox.</p>
  return (
    <>
      <p>“{kind}” is then no longer mailed to you. It still shows in your inbox.</p>
      <form method="post" action={oneClickPath(signed)}>
        <input type="hidden" name="from" value="page" />
        <Button type="submit" look="primary">
          Stop these mails
        </Button>
      </form>
    </>
  )
}
