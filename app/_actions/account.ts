'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { busyText } from '#components/ui/busy-text.ts'
import { changeFormats, renameAccount } from '#lib/auth/change-account.ts'
import { formatsSchema } from '#lib/auth/formats.ts'
import { type ChangePasswordRefusal, changePassword } from '#lib/auth/passwords/change-password.ts'
import { type GuessablePassword, guessableText } from '#lib/auth/passwords/guessable.ts'
import { nameSchema, newPasswordSchema } from '#lib/auth/schemas.ts'
import type { Result } from '#lib/result.ts'
import { waitText } from '#lib/time/wait-text.ts'
import type { AccountState } from '../account/account-state.ts'
import { type GuardRefusal, guardUserAction } from './guard.ts'
import { setSessionCookie } from './session-cookie.ts'
import { typedAgain } from './typed.ts'

const passwordSchema = z.intersection(
  newPasswordSchema,
  z.object({
    current: z.string('Type your current password.').max(1_000, 'That is not your current password.'),
  }),
)

export async function saveName(_state: AccountState, form: FormData): Promise<AccountState> {
  const typed = { name: typedAgain(form, 'name', 500) }
  const result = await guardUserAction(
    { name: form.get('name') },
    z.object({ name: nameSchema }),
    ({ user, input, ...tools }) => renameAccount(user, input, tools),
  )
  if (result.ok) revalidatePath('/', 'layout')
  return stateOf(result, 'Your name is saved.', typed)
}

/** What was typed is not sent back: browsers keep no passwords in pages either. */
export async function savePassword(_state: AccountState, form: FormData): Promise<AccountState> {
  const input = { current: form.get('current'), password: form.get('password'), again: form.get('again') }
  const result = await guardUserAction(input, passwordSchema, async ({ user, input, db, address }) => {
    const changed = await changePassword(user, input, { db, address })
    if (changed.ok) await setSessionCookie({ userId: user.userId, sessionId: changed.value.sessionId })
    return changed
  })
  if (result.ok) revalidatePath('/account')
  return stateOf(result, 'Your password is changed. All your other sessions have been ended.', {})
}

export async function saveFormats(_state: AccountState, form: FormData): Promise<AccountState> {
  const input = { language: form.get('language'), timeZone: form.get('timeZone') }
  const result = await guardUserAction(input, formatsSchema, ({ user, input, ...tools }) =>
    changeFormats(user, input, tools),
  )
  if (result.ok) revalidatePath('/', 'layout')
  return stateOf(result, 'Saved. Dates are written like this from now on.', {})
}

function stateOf(
  result: Result<unknown, ChangePasswordRefusal | GuardRefusal>,
  saved: string,
  typed: Record<string, string>,
): AccountState {
  if (result.ok) return { kind: 'saved', text: saved }
  const { refusal } = result
  if (refusal === 'wrong-password') {
    const current = 'That is not your current password.'
    return { kind: 'failed', text: current, errors: { current }, typed }
  }
  if (refusal === 'too-common' || refusal === 'about-you') {
    const password = guessableText[refusal]
    return { kind: 'failed', text: password, errors: { password }, typed }
  }
  if (typeof refusal === 'object' && refusal.kind === 'invalid') {
    const text = Object.values(refusal.fields)[0] ?? 'Load the page again and try again.'
    return { kind: 'failed', text, errors: refusal.fields, typed }
  }
  return { kind: 'failed', text: textOf(refusal), errors: {}, typed }
}

function textOf(
  refusal: Exclude<
    ChangePasswordRefusal | GuardRefusal,
    { kind: 'invalid' } | 'wrong-password' | GuessablePassword
  >,
): string {
  if (typeof refusal === 'object') {
    return `Too many attempts. Wait ${waitText(refusal.waitSeconds)} at most, then try again.`
  }
  switch (refusal) {
    case 'no-password':
      return 'You sign in with single sign-on: there is no password here to change.'
    case 'overload':
      return 'Too many people are signing in at this moment. Try again in a few seconds.'
    case 'busy':
      return busyText({ undone: 'Nothing was saved', next: 'try again' })
    case 'signed-out':
      return 'You were signed out; nothing was saved. Sign in again.'
    case 'not-found':
    case 'unavailable':
      return 'The database did not answer. Wait a moment, then try again.'
  }
}
