import { env } from '../../process/env.ts'

/** What a session cookie says, encrypted. It names a row of `sessions`; the row decides what it is worth. */
export type SessionClaims = { userId: string; sessionId: string }

/** Of the cookies that next-auth writes itself. */
export type NextAuthName =
  | 'session-token'
  | 'callback-url'
  | 'csrf-token'
  | 'pkce.code_verifier'
  | 'state'
  | 'nonce'
type Name = NextAuthName | 'device' | 'first-step' | 'unconfirmed' | 'appearance'
export type CookieSettings = { secure: boolean; port: number }

/** Without https a cookie is shared by all ports of a host; its name keeps two of our servers apart. */
export function cookieName(name: Name, { secure, port }: CookieSettings): string {
  return secure ? `__Host-next-auth.${name}` : `next-auth-${port}.${name}`
}

export function cookieOptions({ secure }: Pick<CookieSettings, 'secure'>) {
  return { httpOnly: true, sameSite: 'lax', path: '/', secure } as const
}

/** The settings of this process. Cookies are `Secure` and bound to the host wherever people come by https. */
export function cookieSettings(): CookieSettings {
  return { secure: env().NEXTAUTH_URL?.startsWith('https:') ?? false, port: env().PORT }
}
