import type { FindRefusal } from '#lib/finds/find.ts'
import { findLimit } from '#lib/finds/limits.ts'
import type { TextRefusal } from '#lib/finds/sent-text.ts'
import type { Attempt, OwnTexts } from '../ui/refusal-text.tsx'
import type { AnyFindRefusal } from './find-answer.ts'

export const findAttempt = {
  what: 'Searching',
  undone: 'Nothing was searched',
  unknown: 'whether it was searched',
  again: 'search again',
  safe: 'a search changes no token',
  tooMany: `You searched ${findLimit.points} times within an hour`,
} satisfies Attempt

export const findTexts: OwnTexts<FindRefusal> = {
  nothing: 'Paste a text or choose a file first.',
  both: 'Paste a text or choose a file, one at a time: each of the two counts its own lines. Nothing was searched.',
  'too-large':
    'That is more than 2 MB. Cut it into parts, such as one for each day, and search one after the other. Nothing was searched.',
  'not-text':
    'That file is no plain text. Unpack it, or save it as text, then search again. Nothing was searched.',
  unreadable: 'The form did not arrive as it was sent. Load the page again, then search once more.',
} satisfies Record<TextRefusal, string>

/** What the address says of it, after a form that was sent without scripts. Null: nothing that a search answers. */
export function refusalIn(params: Record<string, string | string[] | undefined>): AnyFindRefusal | null {
  const { refused, wait } = params
  if (refused === 'too-often') return { kind: refused, waitSeconds: Number(wait) || 60 }
  if (refused === 'busy' || refused === 'unavailable') return refused
  return typeof refused === 'string' && Object.hasOwn(findTexts, refused) ? (refused as TextRefusal) : null
}
