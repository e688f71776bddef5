import { typedLines } from '../../text/cleaned-text.ts'
import { maxNoteLength } from '../limits.ts'

/**
 * The words beside a reason; undefined where there are none.
 * @param readers who reads them, as a refusal says it: `Everybody at the store …,`.
 */
export const noteField = (readers: string) =>
  typedLines({ missing: null, maxLength: maxNoteLength, readers })
    .transform((note) => note || undefined)
    .optional()

/** Words are read for the reason `other` only: no text may hold up what has another one. */
export function withoutNoteUnlessOther(input: unknown): unknown {
  return typeof input === 'object' && input !== null && !('reason' in input && input.reason === 'other')
    ? { ...input, note: undefined }
    : input
}

/** The reason `other` wants words. */
export const saysWhy = ({ reason, note }: { reason: string | null; note?: string | undefined }) =>
  reason !== 'other' || note !== undefined
export const needsWords = { path: ['note'], message: 'Say in a few words why.' }
