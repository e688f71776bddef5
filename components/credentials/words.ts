import { makingLimit, maxCredentials } from '#lib/credentials/limits.ts'
import type { CredentialScope } from '#lib/credentials/model/scopes.ts'
import { inWords } from '../ui/numbers.ts'
import type { OwnTexts } from '../ui/refusal-text.tsx'
import type { CredentialRefusal } from './credential-actions.ts'

/** What a program may do, as a tick of the form says it, and as one word of a list. */
export const scopeWords: Record<CredentialScope, { may: string; word: string }> = {
  read: { may: 'See all tokens with their history and use, and the access list', word: 'reads' },
  issue: { may: 'Issue new tokens to partners without one', word: 'issues' },
  renew: { may: 'Renew tokens', word: 'renews' },
  collect: { may: 'Collect new tokens: it is handed their texts', word: 'collects' },
  revoke: { may: 'Revoke tokens, and end old ones that were replaced', word: 'revokes' },
  pause: { may: 'Pause and resume tokens', word: 'pauses' },
  plan: {
    may: 'Select many tokens together as a plan; what is done with them needs its own tick',
    word: 'plans',
  },
  'cut-off': { may: 'Revoke all tokens of a partner or store, or all there are, at once', word: 'cuts off' },
  webhooks: { may: 'Add, change and remove webhooks, and see what they were sent', word: 'manages webhooks' },
  members: { may: 'See who works here', word: 'sees members' },
  audit: { may: 'Read the record of what was done', word: 'reads the record' },
}

export const scopesText = (scopes: CredentialScope[]) =>
  scopes.map((scope) => scopeWords[scope].word).join(', ')

export const attempt = {
  what: 'Changing service credentials',
  undone: 'Nothing was changed',
  again: 'try again',
  tooMany: `No more than ${inWords(makingLimit.points, 'service credential')} are made in an hour`,
}

export const refusalTexts: OwnTexts<CredentialRefusal> = {
  'not-allowed': 'Only owners decide with what programs work here. Nothing was changed.',
  'not-found': 'It has ended already, or is not here any more. Nothing was changed.',
  'too-many': `There are ${maxCredentials} live service credentials already. Revoke one that is not needed first.`,
}
