import { SecurityForms } from '#components/account/security-forms.tsx'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { authSecret } from '#lib/auth/sessions/secret.ts'
import type { SignedIn } from '#lib/auth/sessions/signed-in.ts'
import { ownFactors, passkeyToAdd } from '#lib/factors/own-factors.ts'
import { relyingPartyOf } from '#lib/factors/relying-party.ts'
import { getDatabase } from '#lib/process/database.ts'
import { addOwnPasskey, removeOwnPasskey, renewOwnRecoveryCodes } from '../../_actions/second-factor.ts'
import { ownOrigin } from '../../_auth/request-origin.ts'

/** Sign-in and security: what proves, beside the password, that it is this person. */
export async function Security({ user, isNeeded }: { user: SignedIn; isNeeded: boolean }) {
  const db = getDatabase()
  const origin = await ownOrigin()
  const tools = { db, rp: relyingPartyOf(origin), secret: authSecret(), now: new Date() }
  const [factors, options] = [await ownFactors(user, { db }), await passkeyToAdd(user, tools)]
  return (
    <Card className="p-5" aria-labelledby="security-title" id="security">
      <h2 id="security-title" className="text-lg font-semibold">
        Sign-in and security
      </h2>
      {isNeeded && factors.passkeys.length === 0 && (
        <Notice kind="warn" className="mt-3">
          A store or partner that you work for asks for a second factor. Add a passkey here first; then you
          can go on.
        </Notice>
      )}
      <p className="mt-1 text-soft">
        {factors.passkeys.length === 0
          ? 'Your password alone signs you in. A passkey, kept by your device, your browser or a security key, makes it worthless to whoever gets hold of it.'
          : 'You sign in with a passkey, or with your password and then a passkey.'}
      </p>
      <SecurityForms
        factors={factors}
        ask={{ to: 'add', options }}
        actions={{ add: addOwnPasskey, remove: removeOwnPasskey, renewCodes: renewOwnRecoveryCodes }}
      />
    </Card>
  )
}
