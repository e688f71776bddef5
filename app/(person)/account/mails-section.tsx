import { MailChoicesForm } from '#components/account/mail-choices-form.tsx'
import { Card } from '#components/ui/card.tsx'
import { mailKinds } from '#lib/notifications/kinds.ts'
import { wantedMails } from '#lib/notifications/mail-choices.ts'
import { getDatabase } from '#lib/process/database.ts'
import { saveMailChoices } from '../../_actions/notifications.ts'

/** Which mails the person gets; the inbox shows everything all the same. */
export async function MailChoices({ userId }: { userId: string }) {
  const wanted = await wantedMails({ userId }, { db: getDatabase() })
  return (
    <Card className="mt-5 p-5" aria-labelledby="mails-title" id="mails">
      <h2 id="mails-title" className="text-lg font-semibold">
        What is mailed to you
      </h2>
      <p className="mt-1 text-soft">Your inbox shows everything, also what is not mailed.</p>
      <MailChoicesForm action={saveMailChoices} kinds={mailKinds} wanted={wanted} />
    </Card>
  )
}
