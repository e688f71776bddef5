import type { ConfirmRefusal } from '#lib/plans/confirm.ts'
import type { CancelPlanRefusal, StopPlanRefusal } from '#lib/plans/end.ts'
import type { FreezeRefusal } from '#lib/plans/freeze.ts'
import { announcedDays, maxAtOnce, maxOpenPlans, maxPlanned } from '#lib/plans/limits.ts'
import { lengthTexts } from '../tokens/pausing/pause-fields.tsx'
import { makingTexts } from '../tokens/words.ts'
import { formatted } from '../ui/numbers.ts'
import type { OwnTexts } from '../ui/refusal-text.tsx'
import { tooOftenText } from '../ui/wait-text.ts'

/** Why no plan was made, as the list of plans says it after it. */
const freezeTexts: Record<
  Exclude<Extract<FreezeRefusal | 'busy' | 'unavailable', string>, 'signed-out' | 'not-found'>,
  string
> = {
  'not-allowed': 'Making a plan takes an owner or an administrator.',
  busy: 'Somebody else is changing this right now. Wait a moment, then select them again.',
  unavailable:
    'The database did not answer. Wait a moment, then select them again: a plan does nothing until it is confirmed.',
  'nothing-matches': 'No live token matches any more. Load the list again.',
  'unread-filters':
    'A filter of the list could not be read. Load the list again, and choose the filter anew.',
  'too-many-tokens': `A plan holds ${formatted(maxPlanned)} tokens at most: narrow the list by a search or a filter.`,
  'too-many-plans': `Too many plans wait to be confirmed, ${maxOpenPlans} at most: confirm or cancel one of them under Plans.`,
}

/** @param refused what the address says of it; @param wait and for how long, in seconds. */
export function freezeText(refused: string, wait: number): string {
  if (refused === 'too-often')
    return `${tooOftenText('Too many plans were made within an hour', wait, 'select them again')}`
  return Object.hasOwn(freezeTexts, refused)
    ? freezeTexts[refused as keyof typeof freezeTexts]
    : 'The list was out of date. Load it again, then select them once more.'
}

export const changeTexts: OwnTexts<CancelPlanRefusal | StopPlanRefusal> = {
  begun: 'It has begun meanwhile. Load the page again: what is not done yet can be stopped.',
  'not-begun': 'It has not begun. Load the page again: it can be cancelled.',
  over: 'It is over: it was done, cancelled or stopped meanwhile. Load the page again to see what became of it.',
}

export const confirmAttempt = {
  revoke: {
    what: 'Revoking tokens',
    undone: 'Nothing was revoked',
    unknown: 'whether they were revoked',
    again: 'confirm again',
    safe: 'a plan is carried out once',
  },
  pause: {
    what: 'Pausing tokens',
    undone: 'Nothing was paused',
    unknown: 'whether they were paused',
    again: 'confirm again',
    safe: 'a plan is carried out once',
  },
  resume: {
    what: 'Resuming tokens',
    undone: 'Nothing was resumed',
    unknown: 'whether they were resumed',
    again: 'confirm again',
    safe: 'a plan is carried out once',
  },
  renew: {
    what: 'Renewing tokens',
    undone: 'Nothing was renewed',
    unknown: 'whether they were renewed',
    again: 'confirm again',
    safe: 'a plan is carried out once',
    tooMany: {
      'too-often': 'You issued and renewed too often',
      'too-often-together': 'You and your colleagues issued and renewed too often',
    },
  },
} as const

export const confirmTexts: OwnTexts<ConfirmRefusal> = {
  ...lengthTexts('Nothing was done.'),
  ...makingTexts({ undone: 'Nothing was renewed', again: 'confirm again' }),
  changed: 'This page is not about the tokens of this plan any more. Load it again. Nothing was done.',
  expired: 'This plan was made more than a day ago. Select the tokens again in the list. Nothing was done.',
  cancelled: 'Somebody cancelled this plan meanwhile. Nothing was done.',
  'too-many-to-renew': `${formatted(maxAtOnce)} tokens at most are renewed at once: narrow the list by a search or a filter. Nothing was renewed.`,
  'run-too-soon': 'That time is over: choose a later one, or at once. Nothing was done.',
  'run-too-late': `${announcedDays} days ahead at most: choose an earlier time. Nothing was done.`,
  'retirement-too-soon':
    'The day on which the old tokens are to end is over by then: choose a later one. Nothing was renewed.',
  'retirement-too-late':
    'On that day the new tokens will have expired themselves: let the old ones end earlier. Nothing was renewed.',
}
