import { maxPasskeys } from '#lib/factors/limits.ts'
import type { Attempt } from '../ui/refusal-text.tsx'

export const attempt: Attempt = { undone: 'Nothing was changed', again: 'try again' }

/** Refusals of what is done about passkeys and recovery codes, and of proofs. */
export const factorTexts = {
  'not-proven':
    'The passkey was not accepted: the page may have been open for too long. Load it again and try again.',
  'too-many': `There are as many passkeys as there can be: ${maxPasskeys}. Remove one first.`,
  demanded:
    'This is your last passkey, and a store or partner that you work for asks for one. Add another first. Nothing was removed.',
  'no-passkey': 'Recovery codes belong to passkeys: add a passkey first.',
  'wrong-password': 'That is not your password.',
}
