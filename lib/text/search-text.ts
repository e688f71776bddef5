import { z } from 'zod'
import { cutEnds, isUnseen } from './cut-ends.ts'

export const maxSearchLength = 100

/** What a person typed or pasted to find something by, without what nobody sees at its ends: 100 characters of it, in the form in which names are kept (NFC). */
export function typedToFind(text: string): string {
  const whole = text.toWellFormed().normalize('NFC').replaceAll('\0', '')
  return cutEnds(whole, isUnseen).slice(0, maxSearchLength)
}

/** The same of an address; undefined for nothing and for what is no text. */
export const searchTextSchema = z
  .string()
  .transform((text) => typedToFind(text) || undefined)
  .optional()
  .catch(undefined)
