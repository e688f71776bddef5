import type { Role, Side } from '#lib/access/actor.ts'
import { invitationDays, maxMembers, maxWaiting } from '#lib/members/limits.ts'
import type { DoneOf } from '../ui/form-state.ts'
import { inWords } from '../ui/numbers.ts'
import type { OwnTexts } from '../ui/refusal-text.tsx'
import type { MembersRefusal, MembersState } from './member-actions.ts'

export const roleNames: Record<Role, string> = {
  owner: 'Owner',
  administrator: 'Administrator',
  viewer: 'Viewer',
}

const owners: Role[] = ['owner']
const changers: Role[] = ['owner', 'administrator']
const everybody: Role[] = ['owner', 'administrator', 'viewer']
const ofBothSides: Right[] = [
  { right: 'Add, change and remove webhooks', of: changers },
  { right: 'Invite and remove people, and change their roles', of: owners },
  { right: 'Make and revoke service credentials, with which programs work', of: owners },
]

type Right = { right: string; of: Role[] }

/** What who invites lets somebody do. */
export const roleRights: Record<Side, Right[]> = {
  merchant: [
    { right: 'See partners, tokens, webhooks and members', of: everybody },
    { right: 'Add and remove partners, and change which APIs they may call', of: changers },
    { right: 'Issue, renew, pause and revoke tokens', of: changers },
    { right: 'Collect a new token, whose text calls the store', of: changers },
    ...ofBothSides,
  ],
  partner: [
    { right: 'See tokens for every store, webhooks and members', of: everybody },
    { right: 'Renew, pause and revoke tokens for every store', of: changers },
    { right: 'Collect a new token, whose text calls the store', of: changers },
    ...ofBothSides,
  ],
}

export const withArticle: Record<Role, string> = {
  owner: 'an owner',
  administrator: 'an administrator',
  viewer: 'a viewer',
}

export const partyNames: Record<Side, string> = { merchant: 'store', partner: 'partner' }

export function doneText({ verb, whom, role }: DoneOf<MembersState>): string {
  switch (verb) {
    case 'invite':
      return `An invitation goes to ${whom}. It works for ${inWords(invitationDays, 'day')}. Should its mail not be delivered, the list below says so.`
    case 'invite-again':
      return `A new invitation goes to ${whom}. The one before does not work any more. Should its mail not be delivered, the list below says so.`
    case 'withdraw':
      return `The invitation to ${whom} is withdrawn and does not work any more.`
    case 'change-role':
      return `${whom} is ${withArticle[role]} now.`
    case 'remove':
      return `${whom} is removed and sees nothing here from now on.`
    case 'reset-factors':
      return `${whom} has no passkey any more, is signed out everywhere, and signs in with the password alone until a new one is added.`
    case 'demand':
      return whom === 'yes'
        ? 'From now on everybody who works here needs a passkey, or single sign-on that proves as much.'
        : 'Nobody needs a second factor to work here any more.'
    case 'leave':
      return 'You have left.'
  }
}

export const attempt = {
  undone: 'Nothing was changed',
  again: 'try again',
  tooMany: 'Too many invitations were sent',
}

export const refusalTexts: OwnTexts<MembersRefusal> = {
  'not-allowed': 'Only owners decide who works here. Nothing was changed.',
  'not-found': 'That is not here any more. Load the page again to see how things stand.',
  belongings: 'Say first what ends with the role. Nothing was changed.',
  'last-owner':
    'This is the last owner who can sign in. Make somebody else an owner first. Nothing was changed.',
  'already-member': 'This person is a member already. Change the role in the list.',
  'too-many': `There are as many members or invitations as there can be: ${maxMembers} members, ${maxWaiting} invitations. Remove or withdraw some first.`,
  'none-yourself':
    'Add a passkey to your own account first: you would be the first who is shut out. Nothing was changed.',
  'works-elsewhere':
    'This person works for another store or partner as well, which relies on the same passkeys. Ask the operator of this product. Nothing was changed.',
}

/** What ends with a membership or a role by itself; what does not is asked about below it. */
export function leavingText(
  { verb, becomes }: { verb: 'leave' | 'remove' | 'demote'; becomes: Exclude<Role, 'owner'> },
  party: string,
): string {
  switch (verb) {
    case 'leave':
      return `From then on you see nothing of this ${party}, in your inbox neither, and invitations that you sent are withdrawn. An owner can invite you again.`
    case 'remove':
      return `From the next click on this person sees nothing of this ${party}, in any session and in the inbox, and gets no more mails about it. Invitations that they sent and nobody accepted are withdrawn. Their account stays.`
    case 'demote':
      if (becomes === 'administrator')
        return 'From the next click on this person goes on with tokens, partners and webhooks, and decides no longer who works here, nor with what programs do. Invitations that they sent as an owner are withdrawn.'
      return `From the next click on this person sees everything of this ${party} and changes nothing. Invitations that they sent as an owner are withdrawn.`
  }
}
