import type { Role, Side } from '../auth/actor.ts'
import { oneLine } from '../mails/one-line.ts'
import { invitationDays } from './limits.ts'

const what: Record<Side, string> = { merchant: 'the store', partner: 'the partner' }
const as: Record<Role, string> = { owner: 'an owner', administrator: 'an administrator', viewer: 'a viewer' }

const maxNameLength = 200

/** What the invited person reads. Names are other people's text: they stand in quotation marks, in one line. */
export function invitationMail(invitation: {
  side: Side
  partyName: string
  role: Role
  inviter: string
  link: string
}): { subject: string; body: string } {
  const { side, role, link } = invitation
  const party = oneLine(invitation.partyName, maxNameLength)
  return {
    subject: `You are invited to ${party}`,
    body: `“${oneLine(invitation.inviter, maxNameLength)}” invites you to work for ${what[side]} “${party}” in Partner Tokens, as ${as[role]}.

Open this address to accept the invitation:

${link}

It works once, for ${invitationDays} days. Who has it can accept in your name: do not pass it on.
If you did not expect this, do nothing.
`,
  }
}
