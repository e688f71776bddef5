'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import type {
  AddPasskeyState,
  ProveState,
  RemovePasskeyState,
  RenewCodesState,
} from '#components/account/account-actions.ts'
import { authSecret } from '#lib/auth/sessions/secret.ts'
import { maxPasskeyNameLength } from '#lib/factors/limits.ts'
import { addPasskey, removePasskey, renewRecoveryCodes } from '#lib/factors/own-factors.ts'
import { proveWithPasskey, proveWithPassword } from '#lib/factors/prove.ts'
import { relyingPartyOf } from '#lib/factors/relying-party.ts'
import { ok } from '#lib/result.ts'
import { typedLine } from '#lib/text/cleaned-text.ts'
import { rowIdSchema } from '#lib/text/row-id.ts'
import { safeCallbackUrl } from '../_auth/callback-url.ts'
import { ownOrigin } from '../_auth/request-origin.ts'
import { requireFreshProof } from './guard/fresh-proof.ts'
import { guardUserAction } from './guard/guard.ts'
import { setSessionCookie } from './session-cookie.ts'
import { stateOf } from './state-of.ts'

const answer = z.string().max(20_000).catch('')
const passkeyName = typedLine({
  missing: 'Give the passkey a name.',
  maxLength: maxPasskeyNameLength,
  readers: 'Whoever looks at your account page',
})

/** The first passkey brings recovery codes along. */
export async function addOwnPasskey(_state: AddPasskeyState, form: FormData): Promise<AddPasskeyState> {
  const rp = relyingPartyOf(await ownOrigin())
  const result = await guardUserAction(
    { name: form.get('name'), answer: form.get('answer') },
    z.object({ name: passkeyName, answer }),
    async ({ user, input, ...tools }) => {
      await requireFreshProof()
      return addPasskey(user, input, { ...tools, rp, secret: authSecret() })
    },
  )
  if (result.ok) revalidatePath('/account')
  return stateOf(result)
}

export async function removeOwnPasskey(
  _state: RemovePasskeyState,
  form: FormData,
): Promise<RemovePasskeyState> {
  const result = await guardUserAction(
    { passkeyId: form.get('passkey') },
    z.object({ passkeyId: rowIdSchema }),
    async ({ user, input, ...tools }) => {
      await requireFreshProof()
      const removed = await removePasskey(user, input, tools)
      if (!removed.ok) return removed
      const { sessionId, ...shown } = removed.value
      await setSessionCookie({ userId: user.userId, sessionId })
      return ok(shown)
    },
  )
  revalidatePath('/account')
  return stateOf(result)
}

export async function renewOwnRecoveryCodes(
  _state: RenewCodesState,
  _form: FormData,
): Promise<RenewCodesState> {
  const result = await guardUserAction({}, z.object({}), async ({ user, ...tools }) => {
    await requireFreshProof()
    return renewRecoveryCodes(user, tools)
  })
  if (result.ok) revalidatePath('/account')
  return stateOf(result)
}

/** The password once more, then back to where a fresh proof was asked for. */
export async function proveOwnPassword(
  callbackUrl: string,
  _state: ProveState,
  form: FormData,
): Promise<ProveState> {
  const result = await guardUserAction(
    { password: form.get('password') },
    z.object({ password: z.string().max(1_000) }),
    ({ user, input, ...tools }) => proveWithPassword(user, input, tools),
  )
  if (result.ok) redirect(safeCallbackUrl(callbackUrl))
  return stateOf(result)
}

/** The same with a passkey. */
export async function proveOwnPasskey(
  callbackUrl: string,
  _state: ProveState,
  form: FormData,
): Promise<ProveState> {
  const rp = relyingPartyOf(await ownOrigin())
  const result = await guardUserAction(
    { answer: form.get('answer') },
    z.object({ answer }),
    ({ user, input, ...tools }) => proveWithPasskey(user, input, { ...tools, rp, secret: authSecret() }),
  )
  if (result.ok) redirect(safeCallbackUrl(callbackUrl))
  return stateOf(result)
}
