'use server'

import { redirect } from 'next/navigation'
import { after } from 'next/server'
import { z } from 'zod'
import type { AskForResetState, ResetPasswordState } from '#components/account/account-actions.ts'
import { countPasswordReset, mailPasswordReset } from '#lib/auth/passwords/ask-for-password-reset.ts'
import { guessableText } from '#lib/auth/passwords/guessable.ts'
import { resetPassword } from '#lib/auth/passwords/reset-password.ts'
import { emailSchema, newPasswordSchema } from '#lib/auth/schemas.ts'
import { log } from '#lib/process/log.ts'
import { outOfDate } from '#lib/text/row-id.ts'
import { signInHref } from '../_auth/callback-url.ts'
import { ownOrigin } from '../_auth/request-origin.ts'
import { guardGuestAction } from './guard/guard.ts'
import { saidAt, stateOf } from './state-of.ts'
import { typedAgain } from './typed.ts'

const askSchema = z.object({ email: emailSchema })
const resetSchema = z.intersection(
  newPasswordSchema,
  z.object({ secret: z.string(outOfDate).max(100, outOfDate) }),
)

/** Answers everybody alike. Whether there is an account is looked up after the answer, so that no time tells it. */
export async function askForPasswordReset(
  _state: AskForResetState,
  form: FormData,
): Promise<AskForResetState> {
  const origin = await ownOrigin()
  const result = await guardGuestAction(
    { email: form.get('email') },
    askSchema,
    async ({ input, db, address }) => {
      const counted = await countPasswordReset(input, { db, address })
      if (!counted.ok) return counted
      after(() =>
        mailPasswordReset({ ...input, origin }, { db, address }).catch((error: unknown) => {
          log.error({ err: error }, 'a mail for a new password could not be written')
        }),
      )
      return counted
    },
  )
  return stateOf(result, { email: typedAgain(form, 'email', 500) })
}

/** Sets the password and leads to the sign-in page. */
export async function setNewPassword(
  secret: string,
  _state: ResetPasswordState,
  form: FormData,
): Promise<ResetPasswordState> {
  const input = { secret, password: form.get('password'), again: form.get('again') }
  const result = await guardGuestAction(input, resetSchema, ({ input, db, address }) =>
    resetPassword(input, { db, address }),
  )
  if (result.ok) redirect(signInHref({ error: 'password-reset' }))
  return stateOf(saidAt('password', guessableText, result))
}
