import { z } from 'zod'
import type { EventKind } from '../events/announce.ts'
import { outOfDate } from '../text/row-id.ts'

/** Of what people are notified by e-mail; everything else is in their inbox only. */
export const mailKinds = [
  'partner.added',
  'partner.removed',
  'token.issued',
  'token.renewed',
  'token.revoked',
  'token.paused',
  'token.resumed',
  'token.reported',
  'tokens.cut_off',
  'service.asked',
  'service.issued',
  'service.started',
  'service.waiting',
  'service.ended',
  'plan.announced',
  'plan.cancelled',
  'plan.stopped',
  'plan.failing',
  'plan.done',
  'plan.over',
  'token.not_collected',
  'token.not_adopted',
  'token.expiring',
  'token.expired',
  'token.refused_after_revocation',
  'webhook.failing',
  'webhook.recovered',
  'credential.made',
  'credential.revoked',
  'credential.expiring',
] as const satisfies EventKind[]

export type MailKind = (typeof mailKinds)[number]

export const mailKindSchema = z.enum(mailKinds, outOfDate)

export function isMailKind(kind: string): kind is MailKind {
  return mailKindSchema.safeParse(kind).success
}
