import { z } from 'zod'

/** Of what a page of ours sends and nobody types: the page is an old one, or was changed on its way. */
export const outOfDate = 'This page is out of date. Load it again, then try once more.'

/** The id of a row, in the spelling that the database gives it. */
export const rowIdSchema = z.uuid(outOfDate).toLowerCase()
