import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'
import { PasskeyForm } from '#components/account/passkey-form.tsx'
import { messageOf } from '#components/account/sign-in-errors.ts'
import { Button } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Field } from '#components/ui/field.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { cookieName, cookieSettings } from '#lib/auth/sessions/cookies.ts'
import { authSecret } from '#lib/auth/sessions/secret.ts'
import { openedFirstStep } from '#lib/auth/sign-in/first-step.ts'
import { relyingPartyOf } from '#lib/factors/relying-party.ts'
import { passkeyToShow } from '#lib/factors/sign-in-steps.ts'
import { getDatabase } from '#lib/process/database.ts'
import { finishByPasskey, finishByRecoveryCode } from '../../_actions/second-step.ts'
import { safeCallbackUrl, signInHref } from '../../_auth/callback-url.ts'
import { ownOrigin } from '../../_auth/request-origin.ts'
import { PlainPage } from '../../plain-page.tsx'

export const metadata: Metadata = { title: 'Second step' }

/** After a right password: the passkey, or a recovery code. Nobody is signed in yet. */
export default async function SecondStepPage({ searchParams }: PageProps<'/sign-in/second-step'>) {
  const query = await searchParams
  const callbackUrl = safeCallbackUrl(query.callbackUrl)
  const firstStep = (await cookies()).get(cookieName('first-step', cookieSettings()))?.value ?? ''
  const db = getDatabase()
  const now = new Date()
  const step = await openedFirstStep(firstStep, { db, now })
  if (!step) redirect(signInHref({ callbackUrl, error: 'second-step-expired' }))
  const origin = await ownOrigin()
  const problem =
    query.error === 'not-proven'
      ? 'That was not accepted. Try again, or use another way.'
      : messageOf(query.error)?.text
  const purpose = { to: 'second-step', firstStep } as const
  const tools = { db, rp: relyingPartyOf(origin), secret: authSecret(), now }
  return (
    <PlainPage title="Second step">
      <Card className="grid gap-5 p-5 sm:p-6">
        {problem && (
          <Notice kind="danger" role="alert">
            {problem}
          </Notice>
        )}
        <p className="text-soft">The first step was right. Show now that it is you, with one of these.</p>
        <PasskeyForm
          ask={{ to: 'show', options: await passkeyToShow(purpose, step, tools) }}
          action={finishByPasskey.bind(null, callbackUrl)}
          button="Use a passkey"
          look="primary"
        />
        <form
          action={finishByRecoveryCode.bind(null, callbackUrl)}
          className="grid gap-3 border-t border-line pt-5"
        >
          <Field
            id="code"
            name="code"
            label="Recovery code"
            hint={
              step.codesLeft === 0 ? 'You have none left.' : 'Sixteen letters and digits; each works once.'
            }
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={60}
            required
          />
          <Button type="submit" className="justify-self-start">
            Use a recovery code
          </Button>
        </form>
        <p className="text-sm text-soft">
          Neither at hand? An owner of what you work for can remove your passkeys.{' '}
          <Link href="/sign-in" className="text-accent underline underline-offset-4">
            Back to sign-in
          </Link>
        </p>
      </Card>
    </PlainPage>
  )
}
