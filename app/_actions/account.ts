'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import type { AccountState, AppearanceState } from '#components/account/account-actions.ts'
import { changeFormats, renameAccount } from '#lib/auth/change-account.ts'
import { formatsSchema } from '#lib/auth/formats.ts'
import { type ChangePasswordRefusal, changePassword } from '#lib/auth/passwords/change-password.ts'
import { guessableText } from '#lib/auth/passwords/guessable.ts'
import { nameSchema, newPasswordSchema } from '#lib/auth/schemas.ts'
import { ok, type Result } from '#lib/result.ts'
import { appearanceSchema, keepAppearance } from '../appearance.ts'
import { type GuardRefusal, guardUserAction } from './guard/guard.ts'
import { setSessionCookie } from './session-cookie.ts'
import { saidAt, stateOf } from './state-of.ts'
import { typedAgain } from './typed.ts'

const passwordSchema = z.intersection(
  newPasswordSchema,
  z.object({
    current: z.string('Type your current password.').max(1_000, 'That is not your current password.'),
  }),
)

export async function saveName(_state: AccountState, form: FormData): Promise<AccountState> {
  const result = await guardUserAction(
    { name: form.get('name') },
    z.object({ name: nameSchema }),
    ({ user, input, ...tools }) => renameAccount(user, input, tools),
  )
  if (result.ok) revalidatePath('/', 'layout')
  return stateOf(result, { name: typedAgain(form, 'name', 500) })
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
  return stateOf(savedPassword(result), {})
}

export async function saveFormats(_state: AccountState, form: FormData): Promise<AccountState> {
  const input = { language: form.get('language'), timeZone: form.get('timeZone') }
  const result = await guardUserAction(input, formatsSchema, ({ user, input, ...tools }) =>
    changeFormats(user, input, tools),
  )
  if (result.ok) revalidatePath('/', 'layout')
  return stateOf(result, {})
}

/** Kept in the browser, as nobody else sees it. */
export async function saveAppearance(_state: AppearanceState, form: FormData): Promise<AppearanceState> {
  const input = { theme: form.get('theme'), keys: form.get('keys') ?? 'off' }
  const result = await guardUserAction(
    input,
    appearanceSchema,
    async ({ input }): Promise<Result<null, never>> => {
      await keepAppearance(input)
      return ok(null)
    },
  )
  if (result.ok) revalidatePath('/', 'layout')
  return stateOf(result)
}

/** What is wrong with a password is said at its field. */
function savedPassword(result: Result<unknown, ChangePasswordRefusal | GuardRefusal>) {
  const saved = result.ok ? ok(null) : result
  const ofNew = saidAt('password', guessableText, saved)
  return saidAt('current', { 'wrong-password': 'That is not your current password.' }, ofNew)
}
