import type { Metadata } from 'next'
import { AskForResetForm } from '#components/account/ask-for-reset-form.tsx'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { askForPasswordReset } from '../_actions/password-reset.ts'
import { PlainPage } from '../plain-page.tsx'

export const metadata: Metadata = { title: 'Forgot your password?' }

export default function ForgottenPasswordPage() {
  return (
    <PlainPage title="Forgot your password?">
      <Card className="grid gap-5 p-5 sm:p-6">
        <AskForResetForm action={askForPasswordReset} />
        <Link
          href="/sign-in"
          className="justify-self-start py-0.5 text-sm text-accent underline underline-offset-4"
        >
          Back to sign-in
        </Link>
      </Card>
    </PlainPage>
  )
}
