import type { Role, Side } from '../access/actor.ts'
import { momentWords, unknownReader } from '../notifications/mails/moment-words.ts'
import { quotedName } from '../notifications/mails/other-words.ts'
import { invitationDays } from './limits.ts'

const what: Record<Side, string> = { merchant: 'the store', partner: 'the partner' }
const as: Record<Role, string> = { owner: 'an owner', administrator: 'an administrator', viewer: 'a viewer' }

/** What the invited person reads. Names are other people's text: our own words come first, and theirs stand in quotation marks. */
export function invitationMail(invitation: {
  side: Side
  partyName: string
  role: Role
  inviter: string
  expiresAt: Date
  link: string
}): { subject: string; body: string } {
  const { side, role, link, expiresAt } = invitation
  const party = quotedName(invitation.partyName)
  return {
    subject: `You are invited to ${party}`,
    body: `You are invited to work for ${what[side]} ${party} in Partner Tokens, as ${as[role]}. The invitation comes from somebody named ${quotedName(invitation.inviter)} there.

Open this address to accept the invitation:

${link}

It works once, for ${invitationDays} days: until ${momentWords(expiresAt, unknownReader)}. Who has it can accept in your name: do not pass it on.
If you did not expect this, do nothing.
`,
  }
}
