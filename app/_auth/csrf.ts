import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * The token that next-auth wants back in a form, in the format of its own cookie: `token|sha256(token secret)`.
 * Made here so that a form can be sent without JavaScript by somebody who has no cookie yet.
 */
export function createCsrfToken(secret: string): { token: string; cookie: string } {
  const token = randomBytes(32).toString('hex')
  return { token, cookie: `${token}|${sign(token, secret)}` }
}

/** The token in the cookie; null where this server did not make it. */
export function readCsrfToken(cookie: string | undefined, secret: string): string | null {
  const [token, signature] = cookie?.split('|') ?? []
  if (!token || !signature) return null
  const expected = Buffer.from(sign(token, secret))
  const given = Buffer.from(signature)
  return given.length === expected.length && timingSafeEqual(given, expected) ? token : null
}

function sign(token: string, secret: string) {
  return createHash('sha256').update(`${token}${secret}`).digest('hex')
}
