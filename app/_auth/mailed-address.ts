import { createHash } from 'node:crypto'
import { cookies } from 'next/headers'
import { type CookieSettings, cookieSettings } from '#lib/auth/sessions/cookies.ts'

const secretShape = /^[A-Za-z0-9_-]{43}$/
const idShape = /^[A-Za-z0-9_-]{22}$/

/** How long a page that was opened by a mailed link may be worked on, signing in on the way included. */
export const mailedSecretLifetimeSeconds = 3_600

/**
 * The address that stands for a mailed one, without its secret: addresses are kept in histories, logs of proxies and
 * `callbackUrl`. The secret is in a cookie of the browser that opened the link; the id is worth nothing elsewhere. Null for
 * any other path.
 */
export function addressWithoutSecret(path: string): { path: string; id: string; secret: string } | null {
  const [, page, secret] = /^(\/(?:invitations|reset-password)\/)([^/]+)$/.exec(path) ?? []
  if (page === undefined || secret === undefined || !secretShape.test(secret)) return null
  const id = createHash('sha256').update(`address of ${secret}`).digest('base64url').slice(0, 22)
  return { path: page + id, id, secret }
}

/** Pages that tell no other address where they were. */
export function hasMailedSecret(path: string): boolean {
  return /^\/(?:invitations|reset-password|unsubscribe)(?:\/|$)/.test(path)
}

export function mailedSecretCookie(id: string, { secure, port }: CookieSettings): string {
  return secure ? `__Host-mailed.${id}` : `mailed-${port}.${id}`
}

/** The secret of the page, by the id in its address; `undefined` where this browser did not open the link lately. */
export async function mailedSecretOf(part: string): Promise<string | undefined> {
  if (!idShape.test(part)) return part
  return (await cookies()).get(mailedSecretCookie(part, cookieSettings()))?.value
}
