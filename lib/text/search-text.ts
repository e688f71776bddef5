import { z } from 'zod'

/** What a person searches for, as an address has it: 100 characters of it; undefined for nothing and for what is no text. */
export const searchTextSchema = z
  .string()
  .transform(
    (text) => text.toWellFormed().normalize('NFC').replaceAll('\0', '').trim().slice(0, 100) || undefined,
  )
  .optional()
  .catch(undefined)
