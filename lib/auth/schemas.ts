import { z } from 'zod'
import { isVisible } from '../visible-text.ts'
import { canonicalEmail } from './email.ts'
import { maxPasswordLength } from './password.ts'

/** By itself a password protects everything here: NIST SP 800-63B asks for length, and for no mixture of characters. */
export const minPasswordLength = 12
const maxNameLength = 200

export const emailSchema = z.string('Give an e-mail address.').transform((typed, context) => {
  const email = canonicalEmail(typed)
  if (email) return email
  context.addIssue({ code: 'custom', message: 'Give an e-mail address, such as name@example.com.' })
  return z.NEVER
})

/** How a person is called here: 1 to 200 characters in one line, some of them visible. */
export const nameSchema = z
  .string('Give your name.')
  .transform((name) =>
    name
      .toWellFormed()
      .replaceAll(/\p{Cc}+/gu, ' ')
      .trim(),
  )
  .pipe(
    z
      .string()
      .refine(isVisible, 'Give your name.')
      .max(maxNameLength, `Use ${maxNameLength} characters at most.`),
  )

/** A new password, typed twice: 12 to 200 characters, not all the same. */
export const newPasswordSchema = z
  .object({
    password: z
      .string(`Use ${minPasswordLength} characters or more.`)
      .max(maxPasswordLength, `Use ${maxPasswordLength} characters at most.`)
      .refine((password) => [...password.normalize('NFKC')].length >= minPasswordLength, {
        message: `Use ${minPasswordLength} characters or more; a few words are easy to remember.`,
      })
      .refine((password) => new Set(password.normalize('NFKC')).size > 3, {
        message: 'Use more than three different characters.',
      }),
    again: z.string().max(maxPasswordLength).catch(''),
  })
  .refine(({ password, again }) => password === again, {
    path: ['again'],
    message: 'Type the same password both times.',
  })
