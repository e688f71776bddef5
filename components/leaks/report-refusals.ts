import { maxTexts } from '#lib/leaks/limits.ts'
import { tooOftenText } from '../ui/wait-text.ts'

/** `too-many`: more texts than are taken. `unreadable`: no form or JSON of a report. */
export type ReportRefusal = 'nothing' | 'too-many' | 'unreadable' | 'unavailable'

export const reportRefusals: Record<ReportRefusal, string> = {
  nothing: 'There is no text in it. Paste what you found first.',
  'too-many': `Send ${maxTexts.toLocaleString('en')} texts at most, and the rest in further reports.`,
  unreadable: 'It did not arrive as it was sent. Nothing was reported: send it again.',
  unavailable: 'The database did not answer. Wait a moment, then send it again: nothing is reported twice.',
}

/** What the address says of a form that was refused; null: nothing. */
export function reportRefusalIn(params: Record<string, string | string[] | undefined>): string | null {
  const { refused, wait } = params
  if (refused === 'too-often')
    return tooOftenText('Too many reports came from your network', Number(wait) || 60, 'send it again')
  return typeof refused === 'string' && Object.hasOwn(reportRefusals, refused)
    ? reportRefusals[refused as ReportRefusal]
    : null
}
