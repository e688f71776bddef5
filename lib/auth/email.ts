/** RFC 5321, 4.5.3.1.3. */
const maxEmailLength = 254

/** The one way in which an e-mail address is written in `users`; null where it cannot be one. */
export function canonicalEmail(typed: unknown): string | null {
  if (typeof typed !== 'string' || typed.length > 2 * maxEmailLength) return null
  const email = typed.normalize('NFC').trim().toLowerCase()
  const isPossible = email.length <= maxEmailLength && /^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u.test(email)
  return isPossible ? email : null
}
