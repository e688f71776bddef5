import type { CookiesOptions } from 'next-auth'
import { decode, encode } from 'next-auth/jwt'
import { z } from 'zod'
import {
  type CookieSettings,
  cookieName,
  cookieOptions,
  type NextAuthName,
  type SessionClaims,
} from '#lib/auth/sessions/cookies.ts'
import { lifetimeDays } from '#lib/auth/sessions/session-lifetime.ts'
import { rowIdSchema } from '#lib/text/row-id.ts'

const claimsSchema = z.object({ sub: rowIdSchema, sid: rowIdSchema })
const lifetimeSeconds = lifetimeDays * 86_400

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
