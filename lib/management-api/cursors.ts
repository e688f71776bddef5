import { createHash } from 'node:crypto'
import { z } from 'zod'
import { ok, type Result, refuse } from '../result.ts'

/** Of a list's answer. */
export const nextCursor = z
  .string()
  .nullable()
  .describe('The cursor of the next page, for `after`; null: this is the last one.')

/** Which list a cursor is of: of another one its place would be a wrong one, and nobody would notice. */
const signOf = (list: string) => createHash('sha256').update(list).digest('base64url').slice(0, 8)

/** @param list whose filters and order, in one way of writing them. */
export function writeApiCursor(list: string, cursor: string | null): string | null {
  return cursor && `${signOf(list)}.${cursor}`
}

export function readApiCursor(list: string, text: string): Result<string, 'cursor-invalid'> {
  const [sign, cursor = ''] = text.split('.', 2)
  return sign === signOf(list) && cursor !== '' ? ok(cursor) : refuse('cursor-invalid')
}
