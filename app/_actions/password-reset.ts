'use server'

import { redirect } from 'next/navigation'
import { after } from 'next/server'
import { z } from 'zod'
import { busyText } from '#components/ui/busy-text.ts'
import {
  type AskForResetRefusal,
  countPasswordReset,
  mailPasswordReset,
} from '#lib/auth/passwords/ask-for-password-reset.ts'
import { type GuessablePassword, guessableText } from '#lib/auth/passwords/guessable.ts'
import { type ResetRefusal, resetPassword } from '#lib/auth/passwords/reset-password.ts'
import { emailSchema, newPasswordSchema } from '#lib/auth/schemas.ts'
import { log } from '#lib/process/log.ts'
import { outOfDate } from '#lib/text/row-id.ts'
import { waitText } from '#lib/time/wait-text.ts'
import { signInHref } from '../_auth/callback-url.ts'
import { ownOrigin } from '../_auth/request-origin.ts'
import type { ResetState } from '../reset-password/reset-state.ts'
import { type GuardRefusal, guardGuestAction } from './guard.ts'
import { typedAgain } from './typed.ts'

const askSchema = z.object({ email: emailSchema })
const resetSchema = z.intersection(
  newPasswordSchema,
  z.object({ secret: z.string(outOfDate).max(100, outOfDate) }),
)

/** Answers everybody alike. Whether there is an account is looked up after the answer, so that no time tells it. */
export async function askForPasswordReset(_state: ResetState, form: FormData): Promise<ResetState> {
  const typedEmail = typedAgain(form, 'email', 500)
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
  return result.ok ? { kind: 'asked' } : failed(result.refusal, typedEmail)
}

/** Sets the password and leads to the sign-in page. */
export async function setNewPassword(
  secret: string,
  _state: ResetState,
  form: FormData,
): Promise<ResetState> {
  const input = { secret, password: form.get('password'), again: form.get('again') }
  const result = await guardGuestAction(input, resetSchema, ({ input, db, address }) =>
    resetPassword(input, { db, address }),
  )
  if (result.ok) redirect(signInHref({ error: 'password-reset' }))
  return failed(result.refusal, '')
}

function failed(refusal: AskForResetRefusal | ResetRefusal | GuardRefusal, typedEmail: string): ResetState {
  if (refusal === 'too-common' || refusal === 'about-you') {
    const password = guessableText[refusal]
    return { kind: 'failed', text: password, errors: { password }, typedEmail }
  }
  const errors = typeof refusal === 'object' && refusal.kind === 'invalid' ? refusal.fields : {}
  return { kind: 'failed', text: textOf(refusal), errors, typedEmail }
}

function textOf(
  refusal: Exclude<AskForResetRefusal | ResetRefusal | GuardRefusal, GuessablePassword>,
): string {
  if (typeof refusal === 'object') {
    if (refusal.kind === 'invalid') {
      return Object.values(refusal.fields)[0] ?? 'Load the page again and try again.'
    }
    return `Too many mails were asked for. Wait ${waitText(refusal.waitSeconds)} at most, then try again.`
  }
  switch (refusal) {
    case 'void':
      return 'This link does not work any more. Ask for a new one.'
    case 'overload':
      return 'Too many people are signing in at this moment. Try again in a few seconds.'
    case 'busy':
      return busyText({ undone: 'Nothing was saved', next: 'try again' })
    case 'signed-out':
    case 'not-found':
    case 'unavailable':
      return 'The database did not answer. Wait a moment, then try again.'
  }
}
