import { z } from 'zod'
import { outOfDate, rowIdSchema } from '../text/row-id.ts'

export const startSchema = z.object({ cutOffId: rowIdSchema })
export const endSchema = z.object({ campaignId: rowIdSchema })
export const answerSchema = z.object({
  requestId: rowIdSchema,
  answer: z.enum(['issue', 'decline'], outOfDate),
})
export const consentSchema = z.object({ consent: z.enum(['needed', 'not-needed'], outOfDate) })
