import type { ClosedInvitation } from '#lib/members/open-invitation.ts'

export const closedText: Record<ClosedInvitation, string> = {
  unknown:
    'There is no such invitation. Look whether the whole address was copied from the mail, or ask to be invited again.',
  used: 'This invitation was accepted already. Sign in to see what you work for.',
  withdrawn:
    'This invitation was withdrawn, or replaced by a newer one. Look for a newer mail, or ask to be invited again.',
  expired: 'This invitation has expired: it worked for seven days. Ask to be invited again.',
}
