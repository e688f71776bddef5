import type { AskForResetRefusal } from '#lib/auth/passwords/ask-for-password-reset.ts'
import type { ChangePasswordRefusal } from '#lib/auth/passwords/change-password.ts'
import type { GuessablePassword } from '#lib/auth/passwords/guessable.ts'
import type { ResetRefusal } from '#lib/auth/passwords/reset-password.ts'
import type { AddPasskeyRefusal, PasskeyRemoved, RemovePasskeyRefusal } from '#lib/factors/own-factors.ts'
import type { ProveRefusal } from '#lib/factors/prove.ts'
import type { FormState } from '../ui/form-state.ts'

/** Of the name, the password, and language and time zone. What is wrong with a password is said at its field. */
export type AccountState = FormState<
  null,
  Exclude<ChangePasswordRefusal, GuessablePassword | 'wrong-password'>,
  { name?: string }
>
/** Of the colours and the keys. */
export type AppearanceState = FormState<null>
/** Ends sessions of the person. */
export type EndSessionsState = FormState<{ ended: number }>
/** Chooses which kinds of mails the person gets. */
export type ChooseMailsState = FormState<{ wanted: number }>

/** `codes` are shown once. */
export type AddPasskeyState = FormState<{ codes: string[] }, AddPasskeyRefusal>
/** `left`: passkeys that the person has still. */
export type RemovePasskeyState = FormState<Omit<PasskeyRemoved, 'sessionId'>, RemovePasskeyRefusal>
export type RenewCodesState = FormState<{ codes: string[] }, 'no-passkey'>
/** Once it is proven the action leads back. */
export type ProveState = FormState<never, ProveRefusal>

/** Done: a mail is on its way, if there is such an account. */
export type AskForResetState = FormState<null, AskForResetRefusal, { email: string }>
/** Once the password is set the action leads to the sign-in page. */
export type ResetPasswordState = FormState<never, Exclude<ResetRefusal, GuessablePassword>>
