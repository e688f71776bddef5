import type { Metadata } from 'next'
import { NewPasswordForm } from '#components/account/new-password-form.tsx'
import { ButtonLink } from '#components/ui/button-link.tsx'
import { Card } from '#components/ui/card.tsx'
import { isResetOpen } from '#lib/auth/passwords/reset-password.ts'
import { getDatabase } from '#lib/process/database.ts'
import { setNewPassword } from '../../_actions/password-reset.ts'
import { mailedSecretOf } from '../../_auth/mailed-address.ts'
import { OpenLinkAgain } from '../../open-link-again.tsx'
import { PlainPage } from '../../plain-page.tsx'

export const metadata: Metadata = { title: 'Set a new password', robots: { index: false } }

export default async function NewPasswordPage({ params }: PageProps<'/reset-password/[secret]'>) {
  const secret = await mailedSecretOf((await params).secret)
  if (secret === undefined) return <OpenLinkAgain title="Set a new password" />
  const isOpen = await isResetOpen(secret, { db: getDatabase() })
  return (
    <PlainPage title="Set a new password">
      <Card className="grid gap-4 p-5 sm:p-6">
        {isOpen ? (
          <NewPasswordForm action={setNewPassword.bind(null, secret)} />
        ) : (
          <>
            <p>
              This link does not work any more: it works once, for an hour, and only until a newer one is
              asked for.
            </p>
            <div>
              <ButtonLink href="/reset-password">Ask for a new link</ButtonLink>
            </div>
          </>
        )}
      </Card>
    </PlainPage>
  )
}
