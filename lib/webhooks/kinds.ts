import type { EventKind } from '../events/announce.ts'

/** What a program can be notified of. */
export const webhookKinds = [
  'token.issued',
  'token.renewed',
  'token.adopted',
  'token.expiring',
  'token.expired',
  'token.revoked',
  'token.paused',
  'token.resumed',
  'token.refused_after_revocation',
] as const satisfies EventKind[]
export type WebhookKind = (typeof webhookKinds)[number]

/** Of what nothing happened: somebody wants to see that their program understands us. Nobody chooses it. */
export const testKind = 'webhook.test'

export function isWebhookKind(kind: string): kind is WebhookKind {
  return webhookKinds.some((known) => known === kind)
}
