import type { CookiesOptions } from 'next-auth'
import { decode, encode } from 'next-auth/jwt'
import { z } from 'zod'
import { env } from '../process/env.ts'
import { rowIdSchema } from '../text/row-id.ts'
import { lifetimeDays } from './session-lifetime.ts'

/** What a session cookie says, encrypted. It names a row of `sessions`; the row decides what it is worth. */
export type SessionClaims = { userId: string; sessionId: string }

const claimsSchema = z.object({ sub: rowIdSchema, sid: rowIdSchema })
const lifetimeSeconds = lifetimeDays * 86_400

type NextAuthName = 'session-token' | 'callback-url' | 'csrf-token' | 'pkce.code_verifier' | 'state' | 'nonce'
type Name = NextAuthName | 'device' | 'first-step' | 'unconfirmed'
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

/** All cookies of next-auth: its defaults, but bound to the host. */
export function authCookies(settings: CookieSettings): CookiesOptions {
  const options = cookieOptions(settings)
  const cookie = (name: NextAuthName, extra = {}) => ({
    name: cookieName(name, settings),
    options: { ...options, ...extra },
  })
  const tenMinutes = { maxAge: 600 }
  return {
    sessionToken: cookie('session-token'),
    callbackUrl: cookie('callback-url'),
    csrfToken: cookie('csrf-token'),
    pkceCodeVerifier: cookie('pkce.code_verifier', tenMinutes),
    state: cookie('state', tenMinutes),
    nonce: cookie('nonce', tenMinutes),
  }
}

/** @returns the value of a session cookie, as next-auth writes it. */
export function sealClaims(claims: SessionClaims, secret: string): Promise<string> {
  return encode({
    token: { sub: claims.userId, sid: claims.sessionId },
    secret,
    maxAge: lifetimeSeconds,
  })
}

/** Null for whatever this server did not write itself, and for what it wrote too long ago. */
export async function unsealClaims(sealed: string, secret: string): Promise<SessionClaims | null> {
  const token = await decode({ token: sealed, secret }).catch(() => null)
  const claims = claimsSchema.safeParse(token)
  return claims.success ? { userId: claims.data.sub, sessionId: claims.data.sid } : null
}
