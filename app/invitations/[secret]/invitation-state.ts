import { busyText } from '#components/ui/busy-text.ts'
import type { GuessablePassword } from '#lib/auth/passwords/guessable.ts'
import type { AcceptRefusal, JoinRefusal } from '#lib/members/accept.ts'
import { closedText } from './closed-text.ts'

/** What an invitation's forms are told when they are refused; null before they were sent. */
export type InvitationState = {
  refusal:
    | AcceptRefusal
    | Exclude<JoinRefusal, GuessablePassword>
    | 'signed-out'
    | 'unavailable'
    | 'busy'
    | 'not-found'
    | null
  errors: Record<string, string>
  typedName: string
} | null

/** Null where it is said beside the fields. */
export function refusalText(state: InvitationState): string | null {
  switch (state?.refusal) {
    case undefined:
    case null:
      return null
    case 'too-many':
      return 'There are as many members as there can be. Ask who invited you to make room first.'
    case 'another-person':
      return 'This invitation is to another e-mail address than that of your account.'
    case 'has-account':
      return 'There is an account with this address. Load the page again and sign in.'
    case 'overload':
      return 'Too many people are signing in at this moment. Try again in a few seconds.'
    case 'signed-out':
      return 'You were signed out. Load the page again and sign in.'
    case 'busy':
      return busyText({ undone: 'Nothing was changed', next: 'try again' })
    case 'unavailable':
      return 'The database did not answer. Wait a moment, then try again.'
    case 'not-found':
      return closedText.unknown
    case 'unknown':
    case 'used':
    case 'withdrawn':
    case 'expired':
      return closedText[state.refusal]
  }
}
