import { z } from 'zod'
import { leakAnswers } from '#db/schema/stores.ts'
import { outOfDate } from '../text/row-id.ts'

export const leakAnswerSchema = z.object({ answer: z.enum(leakAnswers, outOfDate) })
