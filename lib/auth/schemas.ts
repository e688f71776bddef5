import { z } from 'zod'
import { tokenRefusal, typedName } from '../text/cleaned-text.ts'
import { holdsToken } from '../text/token-in-text.ts'
import { canonicalEmail } from './email.ts'
import { maxNameLength, maxPasswordLength, minPasswordLength } from './limits.ts'

const maxRead = 1_000

/** An address as `canonicalEmail` reads it. */
export const emailSchema = z.string('Give an e-mail address.').transform((typed, context) => {
  const email = canonicalEmail(typed)
  if (email) return email
  context.addIssue({ code: 'custom', message: messageAbout(typed) })
  return z.NEVER
})

function messageAbout(typed: string): string {
  if (holdsToken(typed.slice(0, maxRead))) return tokenRefusal('Whoever reads this list')
  return 'Give one e-mail address, such as name@example.com, in plain letters and without a name beside it.'
}

/** How a person is called here: 1 to 200 characters in one line, all of them visible, each word in one alphabet. */
export const nameSchema = typedName({
  missing: 'Give your name.',
  maxLength: maxNameLength,
  readers: 'Everybody at your stores and partners, and everybody whom you invite,',
})

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
