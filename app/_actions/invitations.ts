'use server'

import { redirect } from 'next/navigation'
import { z } from 'zod'
import type { AcceptState, JoinState } from '#components/members/member-actions.ts'
import type { Party } from '#lib/access/party.ts'
import { guessableText } from '#lib/auth/passwords/guessable.ts'
import { nameSchema, newPasswordSchema } from '#lib/auth/schemas.ts'
import { acceptInvitation, joinByInvitation } from '#lib/members/accept.ts'
import { outOfDate } from '#lib/text/row-id.ts'
import { signInHref } from '../_auth/callback-url.ts'
import { partnerTokensPath, storePath } from '../paths.ts'
import { guardGuestAction, guardUserAction } from './guard/guard.ts'
import { saidAt, stateOf } from './state-of.ts'
import { typedAgain } from './typed.ts'

const secretSchema = z.object({ secret: z.string(outOfDate).max(100, outOfDate) })
const joinSchema = z.intersection(newPasswordSchema, secretSchema.extend({ name: nameSchema }))

/** The signed-in person accepts, and starts at what they work for now. */
export async function acceptOwnInvitation(
  secret: string,
  _state: AcceptState,
  _form: FormData,
): Promise<AcceptState> {
  const result = await guardUserAction({ secret }, secretSchema, ({ user, input, db, address }) =>
    acceptInvitation(user, input, { db, address }),
  )
  if (result.ok) redirect(startOf(result.value))
  return stateOf(result)
}

/** Somebody without an account makes one, and is led to the sign-in page. */
export async function joinWithNewAccount(
  secret: string,
  _state: JoinState,
  form: FormData,
): Promise<JoinState> {
  const input = { secret, name: form.get('name'), password: form.get('password'), again: form.get('again') }
  const result = await guardGuestAction(input, joinSchema, ({ input, db, address }) =>
    joinByInvitation(input, { db, address }),
  )
  if (result.ok) redirect(signInHref({ callbackUrl: startOf(result.value), error: 'joined' }))
  return stateOf(saidAt('password', guessableText, result), { name: typedAgain(form, 'name', 500) })
}

function startOf(party: Party) {
  return party.side === 'merchant' ? storePath(party.storeId) : partnerTokensPath(party.partnerId)
}
