import { invitationDays } from '#lib/members/limits.ts'
import type { ClosedInvitation } from '#lib/members/open-invitation.ts'
import { inWords } from '../ui/numbers.ts'

export const attempt = {
  undone: 'Nothing was changed',
  again: 'try again',
  safe: 'an invitation is accepted once',
}

/** Why an invitation cannot be accepted, whoever opens it. */
export const closedTexts: Record<ClosedInvitation | 'not-found' | 'too-many', string> = {
  unknown:
    'There is no such invitation. Look whether the whole address was copied from the mail, or ask to be invited again.',
  used: 'This invitation was accepted already. Sign in to see what you work for.',
  withdrawn:
    'This invitation was withdrawn, or replaced by a newer one. Look for a newer mail, or ask to be invited again.',
  expired: `This invitation has expired: it worked for ${inWords(invitationDays, 'day')}. Ask to be invited again.`,
  'not-found': 'There is no such invitation. Ask to be invited again.',
  'too-many': 'There are as many members as there can be. Ask who invited you to make room first.',
}
