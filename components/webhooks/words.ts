import type { WebhookKind } from '#lib/webhooks/kinds.ts'
import { maxEndpoints, maxTests, testsWithinMinutes } from '#lib/webhooks/limits.ts'
import type { WebhookVerb } from '#lib/webhooks/schemas.ts'
import { inWords } from '../ui/numbers.ts'
import type { OwnTexts } from '../ui/refusal-text.tsx'
import type { WebhookRefusal } from './webhook-actions.ts'

export const kindWords: Record<WebhookKind, string> = {
  'token.issued': 'A token was made',
  'token.renewed': 'A token was renewed',
  'token.adopted': 'A renewed token was used for the first time',
  'token.expiring': 'A token expires soon',
  'token.expired': 'A token has expired',
  'token.revoked': 'A token was revoked',
  'token.paused': 'A token was paused',
  'token.resumed': 'A paused token is resumed',
  'token.refused_after_revocation': 'Somebody tried a revoked token',
}
export const allKinds = Object.keys(kindWords) as WebhookKind[]

export const doneWords: Record<WebhookVerb, string> = {
  add: 'The endpoint is added.',
  change: 'The changes are saved.',
  roll: 'The endpoint has a new secret.',
  disable: 'The endpoint is disabled. What waited for it is given up.',
  enable: 'The endpoint is enabled.',
  remove: 'The endpoint is removed.',
  test: 'A test event goes out in a moment. What comes of it shows under Deliveries: load the page again.',
  redeliver: 'It goes out again in a moment, under the same webhook-id.',
}

export const attempt = {
  what: 'Changing webhooks',
  undone: 'Nothing was changed',
  again: 'try again',
  tooMany: `No more than ${inWords(maxTests, 'test event')} in ${inWords(testsWithinMinutes, 'minute')} are sent`,
}

export const refusalTexts: OwnTexts<WebhookRefusal> = {
  'not-found': 'It is not there any more. Go back to the list of webhooks.',
  'too-many': `There are ${maxEndpoints} endpoints already. Remove one that is not needed first.`,
  'not-a-url': 'That is not an address. It has to begin with https://, as in https://example.com/webhooks.',
  credentials: 'Leave the user name and the password out of the address: webhooks are signed instead.',
  port: 'That port belongs to another service. Use 443, or one from 1024 on.',
  private:
    'That address is inside a private network, where nothing is sent. Use one that the internet can reach.',
  'not-encrypted': 'The address has to begin with https://, so that nobody reads along.',
  unresolved: 'The name in that address is not known. Check its spelling, or try again in a moment.',
  unanswered:
    'The name servers of that address do not answer. Wait a moment and try again, or ask whoever runs them.',
  waiting: 'It waits to be sent already.',
  disabled: 'The endpoint is disabled. Enable it first.',
}

export const stateWords = { waiting: 'Waiting', delivered: 'Delivered', failed: 'Failed' } as const
export const stateLooks = { waiting: 'warn', delivered: 'ok', failed: 'danger' } as const
