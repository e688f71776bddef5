import type { MailKind } from '#lib/notifications/kinds.ts'
import { expiryReminderDays } from '#lib/notifications/limits.ts'

const longerDays = expiryReminderDays.filter((days) => days > 1).join(', ')

/** What a person chooses, or ends, by name. */
export const mailKindNames: Record<MailKind, string> = {
  'partner.added': 'A partner was added',
  'partner.removed': 'A partner was removed',
  'token.issued': 'A new token was issued',
  'token.renewed': 'A token was renewed',
  'token.revoked': 'A token was revoked',
  'token.paused': 'A token was paused',
  'token.resumed': 'A paused token is resumed',
  'token.reported': 'A paused token was reported as leaked',
  'tokens.cut_off': 'All tokens of a partner or a store were revoked at once',
  'service.asked': 'A partner that was cut off asks for a new token (stores)',
  'service.issued': 'A partner that was cut off has a new token (stores)',
  'service.started': 'Back in service: all stores were reached (partners)',
  'service.waiting': 'Back in service: new tokens wait to be collected (partners)',
  'service.ended': 'Back in service: it has ended (partners)',
  'plan.announced': 'A plan for many tokens was announced',
  'plan.cancelled': 'A plan for many tokens was cancelled',
  'plan.stopped': 'A plan for many tokens was stopped',
  'plan.failing': 'A plan for many tokens does not go on',
  'plan.done': 'Many tokens were revoked, renewed, paused or resumed together',
  'plan.over': 'The pause of many tokens is over',
  'token.not_collected': 'A new token waits to be collected',
  'token.not_adopted': 'A renewed token is not in use yet',
  'token.expiring': `A token expires within ${longerDays} days or a day`,
  'token.expired': 'A token has expired',
  'token.refused_after_revocation': 'A revoked token was used',
  'webhook.failing': 'A webhook fails (owners only)',
  'webhook.recovered': 'A webhook works again (owners only)',
  'credential.made': 'A service credential was made (owners only)',
  'credential.revoked': 'A service credential was revoked (owners only)',
  'credential.expiring': 'A service credential ends soon (owners only)',
}
