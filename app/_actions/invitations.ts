'use server'

import { redirect } from 'next/navigation'
import { z } from 'zod'
import type { Party } from '#lib/access/party.ts'
import { guessableText } from '#lib/auth/passwords/guessable.ts'
import { nameSchema, newPasswordSchema } from '#lib/auth/schemas.ts'
import { acceptInvitation, joinByInvitation } from '#lib/members/accept.ts'
import { outOfDate } from '#lib/text/row-id.ts'
import { signInHref } from '../_auth/callback-url.ts'
import type { InvitationState } from '../invitations/[secret]/invitation-state.ts'
import { partnerTokensPath, storePath } from '../paths.ts'
import { guardGuestAction, guardUserAction } from './guard.ts'
import { typedAgain } from './typed.ts'

const secretSchema = z.object({ secret: z.string(outOfDate).max(100, outOfDate) })
const joinSchema = z.intersection(newPasswordSchema, secretSchema.extend({ name: nameSchema }))

/** The signed-in person accepts, and starts at what he works for now. */
export async function acceptOwnInvitation(
  secret: string,
  _state: InvitationState,
  _form: FormData,
): Promise<InvitationState> {
  const result = await guardUserAction({ secret }, secretSchema, ({ user, input, db, address }) =>
    acceptInvitation(user, input, { db, address }),
  )
  if (result.ok) redirect(startOf(result.value))
  const refusal = typeof result.refusal === 'string' ? result.refusal : 'unknown'
  return { refusal, errors: {}, typedName: '' }
}

/** Somebody without an account makes one, and is led to the sign-in page. */
export async function joinWithNewAccount(
  secret: string,
  _state: InvitationState,
  form: FormData,
): Promise<InvitationState> {
  const input = { secret, name: form.get('name'), password: form.get('password'), again: form.get('again') }
  const result = await guardGuestAction(input, joinSchema, ({ input, db, address }) =>
    joinByInvitation(input, { db, address }),
  )
  if (result.ok) redirect(signInHref({ callbackUrl: startOf(result.value), error: 'joined' }))
  const typedName = typedAgain(form, 'name', 500)
  const { refusal } = result
  if (refusal === 'too-common' || refusal === 'about-you') {
    return { refusal: null, errors: { password: guessableText[refusal] }, typedName }
  }
  if (typeof refusal === 'string') return { refusal, errors: {}, typedName }
  return { refusal: null, errors: refusal.fields, typedName }
}

function startOf(party: Party) {
  return party.side === 'merchant' ? storePath(party.storeId) : partnerTokensPath(party.partnerId)
}
