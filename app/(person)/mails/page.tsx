import type { Metadata, Route } from 'next'
import { notFound } from 'next/navigation'
import { ButtonLink } from '#components/ui/button-link.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Time } from '#components/ui/time.tsx'
import { firstOfEach } from '#lib/http/paging.ts'
import { readDemoMails } from '#lib/notifications/mails/demo-mails.ts'
import { getDatabase } from '#lib/process/database.ts'
import { env } from '#lib/process/env.ts'
import { requireUser } from '../../_auth/require-user.ts'

export const metadata: Metadata = { title: 'Mails of the demo' }

/** What the demo mailed, to anybody: it needs no mail server. Elsewhere there is no such page. */
export default async function MailsPage({ searchParams }: PageProps<'/mails'>) {
  await requireUser()
  if (env().DEMO !== '1') notFound()
  const { after } = firstOfEach(await searchParams)
  const { mails, isFirst, older } = await readDemoMails({ after }, { db: getDatabase() })
  return (
    <>
      <PageHeader title="Mails of the demo">
        <span>Every mail to anybody, the newest first. Only the demo has this page.</span>
      </PageHeader>
      {mails.length === 0 && (
        <Card className="px-4 py-12 text-center text-soft">Nothing has been mailed yet.</Card>
      )}
      <ol className="grid gap-4">
        {mails.map((mail) => (
          <li key={mail.id}>
            <Card className="grid gap-2 p-4">
              <h2 className="text-base font-semibold wrap-anywhere">{mail.subject}</h2>
              <p className="text-[13px] text-soft wrap-anywhere">
                To {mail.toAddress} · <Time at={mail.createdAt} show="date-and-time" />
                {!mail.sentAt && (mail.givenUpAt ? ' · given up' : ' · still to be sent')}
                {mail.lastError && ` · ${mail.lastError}`}
              </p>
              {mail.body && (
                <p className="text-sm whitespace-pre-wrap wrap-anywhere">
                  <LinkedText text={mail.body} />
                </p>
              )}
            </Card>
          </li>
        ))}
      </ol>
      {(older || !isFirst) && (
        <nav aria-label="Pages" className="mt-4 flex flex-wrap justify-between gap-2">
          {isFirst ? <span /> : <ButtonLink href="/mails">Newest</ButtonLink>}
          {older && <ButtonLink href={`/mails?after=${older}` as Route}>Older</ButtonLink>}
        </nav>
      )}
    </>
  )
}

/** The addresses in a text lead there, as in a mail program. */
function LinkedText({ text }: { text: string }) {
  const parts = text.split(/(https?:\/\/[^\s]+)/)
  return parts.map((part, n) => {
    const key = `${n} ${part}`
    return n % 2 === 1 ? (
      <a key={key} href={part} className="text-accent underline">
        {part}
      </a>
    ) : (
      part
    )
  })
}
