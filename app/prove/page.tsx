import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { ProvePasskey, ProvePassword } from '#components/account/prove-forms.tsx'
import { Button } from '#components/ui/button.tsx'
import { ButtonLink } from '#components/ui/button-link.tsx'
import { Card } from '#components/ui/card.tsx'
import { KeepTyping } from '#components/ui/kept-typing.tsx'
import { inWords } from '#components/ui/numbers.ts'
import { hasPassword } from '#lib/auth/passwords/change-password.ts'
import { authSecret } from '#lib/auth/sessions/secret.ts'
import { freshMinutes } from '#lib/factors/limits.ts'
import { ownFactors } from '#lib/factors/own-factors.ts'
import { relyingPartyOf } from '#lib/factors/relying-party.ts'
import { passkeyToShow } from '#lib/factors/sign-in-steps.ts'
import { getDatabase } from '#lib/process/database.ts'
import { proveOwnPasskey, proveOwnPassword } from '../_actions/second-factor.ts'
import { safeCallbackUrl } from '../_auth/callback-url.ts'
import { issuerId, issuerName } from '../_auth/next-auth.ts'
import { csrfHeader } from '../_auth/page-headers.ts'
import { ownOrigin } from '../_auth/request-origin.ts'
import { requireUser } from '../_auth/require-user.ts'
import { ownMemberships } from '../own-memberships.ts'
import { PlainPage } from '../plain-page.tsx'

export const metadata: Metadata = { title: 'Confirm that it is you' }

/** Asks who is signed in for a fresh proof, and leads back. */
export default async function ProvePage({ searchParams }: PageProps<'/prove'>) {
  const user = await requireUser()
  const { for: askedFor, ...query } = await searchParams
  const callbackUrl = safeCallbackUrl(query.callbackUrl)
  const db = getDatabase()
  const origin = await ownOrigin()
  const [{ passkeys }, ofPerson] = [await ownFactors(user, { db }), await ownMemberships()]
  // A password would not do: they would be led here again.
  const isFactorNeeded = [...ofPerson.stores, ...ofPerson.partners].some(({ access }) => access === 'closed')
  const mayUsePassword = !(isFactorNeeded && passkeys.length > 0) && (await hasPassword(user, { db }))
  const issuer = issuerName()
  if (passkeys.length === 0 && !mayUsePassword && !issuer) redirect(callbackUrl)
  const purpose = { to: 'prove', sessionId: user.sessionId } as const
  const tools = { db, rp: relyingPartyOf(origin), secret: authSecret(), now: new Date() }
  return (
    <PlainPage title="Confirm that it is you">
      <Card className="grid gap-5 p-5 sm:p-6">
        {askedFor === 'form' ? (
          <div className="grid gap-2 text-soft">
            <p>
              This is asked for before anything that decides who works here, or shows a secret, unless you
              have confirmed it within the last {inWords(freshMinutes, 'minute')}.
            </p>
            <KeepTyping path={new URL(callbackUrl, origin).pathname} />
          </div>
        ) : (
          <p className="text-soft">
            This is asked for before what you were about to open. You go on to it once you have confirmed it.
          </p>
        )}
        {passkeys.length > 0 && (
          <ProvePasskey
            action={proveOwnPasskey.bind(null, callbackUrl)}
            ask={{ to: 'show', options: await passkeyToShow(purpose, user, tools) }}
          />
        )}
        {mayUsePassword && (
          <ProvePassword action={proveOwnPassword.bind(null, callbackUrl)} email={user.email} />
        )}
        {issuer && (
          <form
            method="post"
            // The issuer has to ask anew, and to say when it did.
            action={`/api/auth/signin/${issuerId}?prompt=login&max_age=0`}
            className="border-t border-line pt-5"
          >
            <input type="hidden" name="csrfToken" value={(await headers()).get(csrfHeader) ?? ''} />
            <input type="hidden" name="callbackUrl" value={callbackUrl} />
            <Button type="submit">Confirm with {issuer}</Button>
          </form>
        )}
        <div>
          <ButtonLink href={callbackUrl}>Cancel</ButtonLink>
        </div>
      </Card>
    </PlainPage>
  )
}
