'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import { authSecret } from '#lib/auth/sessions/secret.ts'
import {
  type AddPasskeyRefusal,
  addPasskey,
  type RemovePasskeyRefusal,
  removePasskey,
  renewRecoveryCodes,
} from '#lib/factors/own-factors.ts'
import { type ProveRefusal, proveWithPasskey, proveWithPassword } from '#lib/factors/prove.ts'
import { relyingPartyOf } from '#lib/factors/relying-party.ts'
import { rowIdSchema } from '#lib/text/row-id.ts'
import { isVisible } from '#lib/text/visible-text.ts'
import { waitText } from '#lib/time/wait-text.ts'
import { safeCallbackUrl } from '../_auth/callback-url.ts'
import { ownOrigin } from '../_auth/request-origin.ts'
import type { FactorsState } from '../account/factors-state.ts'
import { requireFreshProof } from './fresh-proof.ts'
import { type GuardRefusal, guardUserAction } from './guard.ts'

const answer = z.string().max(20_000).catch('')
const passkeyName = z
  .string('Give the passkey a name.')
  .transform((name) => name.replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ').trim())
  .pipe(z.string().refine(isVisible, 'Give the passkey a name.').max(60, 'Use 60 characters at most.'))

type Refusal = AddPasskeyRefusal | RemovePasskeyRefusal | ProveRefusal | 'no-passkey' | GuardRefusal

/** The first passkey brings recovery codes along. */
export async function addOwnPasskey(_state: FactorsState, form: FormData): Promise<FactorsState> {
  const rp = relyingPartyOf(await ownOrigin())
  const result = await guardUserAction(
    { name: form.get('name'), answer: form.get('answer') },
    z.object({ name: passkeyName, answer }),
    async ({ user, input, ...tools }) => {
      await requireFreshProof()
      return addPasskey(user, input, { ...tools, rp, secret: authSecret() })
    },
  )
  if (!result.ok) return failed(result.refusal)
  revalidatePath('/account')
  const { codes } = result.value
  return { kind: 'done', text: 'The passkey is added. You can sign in with it from now on.', codes }
}

export async function removeOwnPasskey(_state: FactorsState, form: FormData): Promise<FactorsState> {
  const result = await guardUserAction(
    { passkeyId: form.get('passkey') },
    z.object({ passkeyId: rowIdSchema }),
    async ({ user, input, ...tools }) => {
      await requireFreshProof()
      return removePasskey(user, input, tools)
    },
  )
  revalidatePath('/account')
  if (!result.ok) return failed(result.refusal)
  const { name, left } = result.value
  const text =
    left === 0
      ? `The passkey “${name}” is removed. It was the last one: your password alone signs you in, and your recovery codes are gone.`
      : `The passkey “${name}” is removed.`
  return { kind: 'done', text, codes: [] }
}

export async function renewOwnRecoveryCodes(_state: FactorsState, _form: FormData): Promise<FactorsState> {
  const result = await guardUserAction({}, z.object({}), async ({ user, ...tools }) => {
    await requireFreshProof()
    return renewRecoveryCodes(user, tools)
  })
  if (!result.ok) return failed(result.refusal)
  revalidatePath('/account')
  const text = 'These are your new recovery codes. Those before do not work any more.'
  return { kind: 'done', text, codes: result.value.codes }
}

/** The password once more, then back to where a fresh proof was asked for. */
export async function proveOwnPassword(
  callbackUrl: string,
  _state: FactorsState,
  form: FormData,
): Promise<FactorsState> {
  const result = await guardUserAction(
    { password: form.get('password') },
    z.object({ password: z.string().max(1_000) }),
    ({ user, input, ...tools }) => proveWithPassword(user, input, tools),
  )
  if (result.ok) redirect(safeCallbackUrl(callbackUrl))
  return failed(result.refusal)
}

/** The same with a passkey. */
export async function proveOwnPasskey(
  callbackUrl: string,
  _state: FactorsState,
  form: FormData,
): Promise<FactorsState> {
  const rp = relyingPartyOf(await ownOrigin())
  const result = await guardUserAction(
    { answer: form.get('answer') },
    z.object({ answer }),
    ({ user, input, ...tools }) => proveWithPasskey(user, input, { ...tools, rp, secret: authSecret() }),
  )
  if (result.ok) redirect(safeCallbackUrl(callbackUrl))
  return failed(result.refusal)
}

function failed(refusal: Refusal): FactorsState {
  return { kind: 'failed', text: textOf(refusal) }
}

function textOf(refusal: Refusal): string {
  if (typeof refusal === 'object') {
    if (refusal.kind === 'throttled')
      return `Too many attempts. Wait ${waitText(refusal.waitSeconds)} at most, then try again.`
    return Object.values(refusal.fields)[0] ?? 'Load the page again and try again.'
  }
  switch (refusal) {
    case 'not-proven':
      return 'The passkey was not accepted: the page may have been open for too long. Load it again and try again.'
    case 'too-many':
      return 'There are as many passkeys as there can be: 20. Remove one first.'
    case 'demanded':
      return 'This is your last passkey, and a store or partner that you work for asks for one. Add another first. Nothing was removed.'
    case 'no-passkey':
      return 'Recovery codes belong to passkeys: add a passkey first.'
    case 'wrong-password':
      return 'That is not your password.'
    case 'overload':
      return 'Too many people are signing in at this moment. Try again in a few seconds.'
    case 'signed-out':
      return 'You were signed out; nothing was changed. Sign in again.'
    case 'not-found':
      return 'That is not here any more. Load the page again.'
    case 'busy':
      return 'Others are working on the same at this moment. Nothing was changed. Try again in a few seconds.'
    case 'unavailable':
      return 'The database did not answer. Wait a moment, then try again.'
  }
}
