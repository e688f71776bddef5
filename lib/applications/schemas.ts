import { z } from 'zod'
import { emailSchema } from '../auth/schemas.ts'
import { rowIdSchema } from '../row-id.ts'
import { isVisible } from '../visible-text.ts'

const withoutNul = (typed: string) => typed.replaceAll('\r\n', '\n').replaceAll('\0', '')
const inOneLine = (typed: string) => typed.replaceAll(/\p{Cc}+/gu, ' ')

/** Text of one or more lines, without what PostgreSQL cannot keep. Lengths are those of the table's checks. */
function text(what: string, maxLength: number, clean = withoutNul) {
  return z
    .string(what)
    .transform((typed) => clean(typed.toWellFormed()).trim())
    .pipe(z.string().refine(isVisible, what).max(maxLength, `Use ${maxLength} characters at most.`))
}

/** One line of it. */
function line(what: string, maxLength: number) {
  return text(what, maxLength, inOneLine)
}

export const maxLengths = {
  company: 200,
  address: 500,
  contact: 200,
  phone: 50,
  description: 2000,
  answer: 500,
}

/** Application for Partner Access, as it is typed. */
export const applicationSchema = z.object({
  company: line('Give the company’s name.', maxLengths.company),
  address: text('Give the company’s address.', maxLengths.address),
  contact: line('Say whom we can ask.', maxLengths.contact),
  email: emailSchema,
  phone: z
    .string()
    .transform((typed) => inOneLine(typed.toWellFormed()).trim())
    .pipe(z.string().max(maxLengths.phone, `Use ${maxLengths.phone} characters at most.`))
    .transform((typed) => typed || null),
  description: text('Describe what you will do for stores, and with which APIs.', maxLengths.description),
})
export type Application = z.output<typeof applicationSchema>

export const approvalSchema = z.object({ applicationId: rowIdSchema })

export const declineSchema = approvalSchema.extend({
  answer: text('Give the applicant a reason: it is mailed as you write it.', maxLengths.answer),
})
