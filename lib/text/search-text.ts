import { z } from 'zod'

/** What a person typed or pasted to find something by: 100 characters of it, in the form in which names are kept (NFC). */
export function typedToFind(text: string): string {
  return text.toWellFormed().normalize('NFC').replaceAll('\0', '').trim().slice(0, 100)
}

/** The same of an address; undefined for nothing and for what is no text. */
export const searchTextSchema = z
  .string()
  .transform((text) => typedToFind(text) || undefined)
  .optional()
  .catch(undefined)
