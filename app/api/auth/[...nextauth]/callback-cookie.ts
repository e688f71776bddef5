import { cookies } from 'next/headers'
import { cookieName, cookieSettings } from '#lib/auth/sessions/cookies.ts'

/** next-auth fails where the cookie of where to go next holds no address: such a cookie is taken back, and counts for nothing. */
export async function dropUnreadableCallback(): Promise<void> {
  const jar = await cookies()
  const name = cookieName('callback-url', cookieSettings())
  const value = jar.get(name)?.value
  if (value && !isAddress(value)) jar.delete(name)
}

function isAddress(text: string): boolean {
  const url = URL.parse(text, text.startsWith('/') ? 'http://localhost' : undefined)
  return url !== null && /^https?:$/.test(url.protocol)
}
