import type { MailKind } from '#lib/notifications/kinds.ts'

/** What a person chooses, or ends, by name. */
export const mailKindNames: Record<MailKind, string> = {
  'partner.added': 'A partner was added',
  'partner.removed': 'A partner was removed',
  'token.issued': 'A new token was issued',
  'token.renewed': 'A token was renewed',
  'token.revoked': 'A token was revoked',
  'token.not_collected': 'A new token waits to be collected',
  'token.not_adopted': 'A renewed token is not in use yet',
  'token.expiring': 'A token expires within 60, 30, 7 days or a day',
  'token.expired': 'A token has expired',
  'token.refused_after_revocation': 'A revoked token was used',
  'webhook.failing': 'A webhook fails (owners only)',
  'webhook.recovered': 'A webhook works again (owners only)',
}
