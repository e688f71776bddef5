import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { PasskeyForm } from '#components/account/passkey-form.tsx'
import { messageOf } from '#components/account/sign-in-errors.ts'
import { SignInForm } from '#components/account/sign-in-form.tsx'
import { Button } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { FullLoad } from '#components/ui/full-load.tsx'
import { Link } from '#components/ui/link.tsx'
import { PublicHeader } from '#components/ui/public-header.tsx'
import { authSecret } from '#lib/auth/sessions/secret.ts'
import { relyingPartyOf } from '#lib/factors/relying-party.ts'
import { passkeyToShow } from '#lib/factors/sign-in-steps.ts'
import { getDatabase } from '#lib/process/database.ts'
import { signInByPasskey } from '../_actions/second-step.ts'
import { safeCallbackUrl } from '../_auth/callback-url.ts'
import { currentUser } from '../_auth/current-user.ts'
import { issuerId, issuerName } from '../_auth/next-auth.ts'
import { csrfHeader } from '../_auth/page-headers.ts'
import { ownOrigin } from '../_auth/request-origin.ts'
import { leaksPath } from '../paths.ts'
import { KeepTimeZone } from './keep-time-zone.tsx'
import { signedInState } from './signed-in-state.ts'

export const metadata: Metadata = { title: 'Sign in' }

type Props = { searchParams: Promise<{ callbackUrl?: string | string[]; error?: string | string[] }> }

export default async function SignInPage({ searchParams }: Props) {
  const query = await searchParams
  const callbackUrl = safeCallbackUrl(query.callbackUrl)
  const state = await signedInState(currentUser)
  if (state === 'signed-in') redirect(callbackUrl)

  const csrfToken = (await headers()).get(csrfHeader) ?? ''
  const issuer = issuerName()
  const origin = await ownOrigin()
  const tools = { db: getDatabase(), rp: relyingPartyOf(origin), secret: authSecret(), now: new Date() }
  return (
    <>
      <PublicHeader signIn="left out" />
      <main className="mx-auto grid w-full max-w-md gap-5 px-4 py-12">
        {query.error === 'session-ended' && <FullLoad />}
        <div>
          <h1 className="text-[26px] leading-tight font-semibold tracking-tight">Sign in</h1>
          <p className="mt-1 text-soft">
            Merchants decide here which partners may use their store’s data, and end that at once. Partners
            see, renew and revoke their tokens.{' '}
            <Link href="/help" className="text-accent underline underline-offset-4">
              What is a token?
            </Link>
          </p>
        </div>
        <KeepTimeZone />
        <Card className="grid gap-5 p-5 sm:p-6">
          <SignInForm
            csrfToken={csrfToken}
            callbackUrl={callbackUrl}
            message={messageOf(state === 'unknown' ? 'unavailable' : query.error)}
          />
          <ForgottenPassword />
          <div className="border-t border-line pt-5">
            <PasskeyForm
              ask={{ to: 'show', options: await passkeyToShow({ to: 'sign-in', csrfToken }, null, tools) }}
              action={signInByPasskey.bind(null, callbackUrl)}
              button="Use a passkey"
            />
          </div>
          {issuer && (
            <form
              method="post"
              action={`/api/auth/signin/${issuerId}`}
              className="grid gap-3 border-t border-line pt-5"
            >
              <input type="hidden" name="csrfToken" value={csrfToken} />
              <input type="hidden" name="callbackUrl" value={callbackUrl} />
              <Button type="submit">Sign in with {issuer}</Button>
            </form>
          )}
        </Card>
        <p className="text-sm text-soft">
          Your company wants to call stores’ APIs?{' '}
          <Link href="/apply" className="text-accent underline underline-offset-4">
            Application for Partner Access
          </Link>
        </p>
        <p className="text-sm text-soft">
          You have found somebody’s token?{' '}
          <Link href={leaksPath} className="text-accent underline underline-offset-4">
            Report it
          </Link>
        </p>
      </main>
    </>
  )
}

function ForgottenPassword() {
  return (
    <Link
      href="/reset-password"
      className="justify-self-start py-0.5 text-sm text-accent underline underline-offset-4"
    >
      Forgot your password?
    </Link>
  )
}
