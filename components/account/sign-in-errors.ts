import type { SignInRefusal } from '#lib/auth/sign-in/sign-in.ts'
import type { IssuerRefusal } from '#lib/auth/sign-in/sign-in-with-issuer.ts'
import { overloadText, tooOftenText } from '../ui/wait-text.ts'

/** Why the sign-in page is shown, as its address says it; `throttled-7` asks for seven minutes. */
export type SignInError =
  | Exclude<SignInRefusal['kind'], 'throttled' | 'second-step'>
  | `throttled-${number}`
  | IssuerRefusal
  | 'issuer-failed'
  | 'unavailable'
  | 'failed'
  | 'unreachable'
  | 'stale-form'
  | 'second-step-expired'
  | 'passkey-failed'
  | 'session-ended'
  | 'signed-out'
  | 'joined'
  | 'password-reset'

export function signInErrorOf(refusal: Exclude<SignInRefusal, { kind: 'second-step' }>): SignInError {
  if (refusal.kind === 'throttled') return `throttled-${Math.ceil(refusal.waitSeconds / 60)}`
  return refusal.kind
}

type Message = { kind: 'danger' | 'info'; text: string }

const messages: Record<Exclude<SignInError, `throttled-${number}`>, Message> = {
  'wrong-credentials': danger('The e-mail address or the password is wrong.'),
  overload: danger(overloadText),
  unavailable: danger(
    'Signing in is not possible at the moment, because our database does not answer. Try again in a minute.',
  ),
  failed: danger('Signing in did not work. Try again.'),
  unreachable: danger('The server could not be reached. Check your connection and try again.'),
  'email-not-verified': danger(
    'Your single sign-on does not confirm your e-mail address, so it cannot be used here.',
  ),
  'bound-to-another': danger(
    'The account with the e-mail address of your single sign-on belongs to another user there. Ask the owner of your store or partner account.',
  ),
  'unknown-account': danger(
    'There is no account here for the e-mail address of your single sign-on. Ask the owner of your store or partner account to be added.',
  ),
  'issuer-failed': danger('Single sign-on did not work. Try again, or sign in with your password.'),
  'second-step-expired': danger(
    'The second step of signing in took too long, or your password was changed meanwhile. Sign in again.',
  ),
  'passkey-failed': danger('The passkey was not accepted. Try again, or sign in with your password.'),
  'stale-form': danger('This page had been open for too long. Sign in again.'),
  'session-ended': { kind: 'info', text: 'You were signed out. Sign in to go on where you were.' },
  'signed-out': { kind: 'info', text: 'You are signed out.' },
  joined: {
    kind: 'info',
    text: 'Your account is made. Sign in with your e-mail address and the password that you have chosen.',
  },
  'password-reset': {
    kind: 'info',
    text: 'Your new password is set, and you are signed out everywhere. Sign in with it.',
  },
}

/** What to tell the person; null where there is nothing to tell. The code may be anybody's text. */
export function messageOf(code: unknown): Message | null {
  if (typeof code !== 'string' || code === '') return null
  const minutes = /^throttled-(\d{1,3})$/.exec(code)?.[1]
  if (minutes) {
    return danger(tooOftenText('Too many attempts', Number(minutes) * 60, 'try again'))
  }
  if (Object.hasOwn(messages, code)) return messages[code as keyof typeof messages]
  return messages.failed
}

function danger(text: string): Message {
  return { kind: 'danger', text }
}
