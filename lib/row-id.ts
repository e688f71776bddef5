import { z } from 'zod'

/** The id of a row, in the spelling that the database gives it. */
export const rowIdSchema = z.uuid().toLowerCase()
