import type { Route } from 'next'
import type { Side } from '#lib/access/actor.ts'

/** The parts of both help pages, by their anchor, in their order, with their headings. */
export const helpTopics: Record<Side, { [topic in HelpTopic]: string }> = {
  merchant: {
    token: 'What is a partner access token?',
    'revoke-or-renew': 'Revoke or renew?',
    'tell-the-other-side': 'What do I tell a partner?',
    orders: 'What happens to my orders when I revoke?',
    states: 'What does each state mean?',
    'revoked-token-tried': 'Somebody still tries a revoked token',
    'refused-everywhere': 'What does “refused everywhere” mean?',
    find: 'Does a token of ours stand in this log?',
    reported: 'A stranger has reported a token of ours: what now?',
    'cut-off': 'A break-in: how do I revoke everything at once?',
    webhooks: 'Webhooks: does this message come from here?',
    keys: 'Keys',
  },
  partner: {
    token: 'What is a partner access token?',
    'revoke-or-renew': 'Revoke or renew?',
    'tell-the-other-side': 'What do I tell a merchant?',
    orders: 'What happens to my calls when a token is revoked?',
    states: 'What does each state mean?',
    'revoked-token-tried': 'One of my programs still tries a revoked token',
    'refused-everywhere': 'What does “refused everywhere” mean?',
    find: 'Does a token of ours stand in this log?',
    reported: 'A stranger has reported a token of ours: what now?',
    'cut-off': 'We were broken into: how do we revoke everything at once?',
    webhooks: 'Webhooks: does this message come from here?',
    keys: 'Keys',
  },
}

export type HelpTopic =
  | 'token'
  | 'revoke-or-renew'
  | 'tell-the-other-side'
  | 'orders'
  | 'states'
  | 'revoked-token-tried'
  | 'refused-everywhere'
  | 'find'
  | 'reported'
  | 'cut-off'
  | 'webhooks'
  | 'keys'

export const helpPages: Record<Side, Route> = { merchant: '/help/stores', partner: '/help/partners' }

/** How a program uses the management API; with a name, what a problem of that name means. */
export const apiHelpPath = (problem?: string) => `/help/api${problem ? `#${problem}` : ''}` as Route

/** Every field of what the management API takes and answers. */
export const apiReferencePath = '/help/api/reference' as Route

/** Where the help of a side answers a question. */
export const helpPath = (side: Side, topic: HelpTopic) => `${helpPages[side]}#${topic}` as Route
