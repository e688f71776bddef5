import { z } from 'zod'
import { emailSchema } from '../auth/schemas.ts'
import { typedLine, typedLines, typedName } from '../text/cleaned-text.ts'
import { rowIdSchema } from '../text/row-id.ts'
import { maxLengths } from './limits.ts'

const readers = 'Everybody who decides on applications'

/** Application for Partner Access, as it is typed. */
export const applicationSchema = z.object({
  company: typedName({
    missing: 'Give the company’s name.',
    maxLength: maxLengths.company,
    readers: 'Every store that adds you',
  }),
  address: typedLines({
    missing: 'Give the company’s address.',
    maxLength: maxLengths.address,
    readers,
  }),
  contact: typedLine({ missing: 'Say whom we can ask.', maxLength: maxLengths.contact, readers }),
  email: emailSchema,
  phone: typedLine({ missing: null, maxLength: maxLengths.phone, readers }).transform(
    (typed) => typed || null,
  ),
  description: typedLines({
    missing: 'Describe what you will do for stores, and with which APIs.',
    maxLength: maxLengths.description,
    readers,
  }),
})
export type Application = z.output<typeof applicationSchema>

export const approvalSchema = z.object({ applicationId: rowIdSchema })

export const declineSchema = approvalSchema.extend({
  answer: typedLines({
    missing: 'Give the applicant a reason: it is mailed as you write it.',
    maxLength: maxLengths.answer,
    readers: 'The applicant, and whoever reads that mail on its way,',
  }),
})
