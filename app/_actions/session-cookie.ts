import { cookies } from 'next/headers'
import { cookieName, cookieOptions, cookieSettings, type SessionClaims } from '#lib/auth/sessions/cookies.ts'
import { authSecret } from '#lib/auth/sessions/secret.ts'
import { lifetimeDays } from '#lib/auth/sessions/session-lifetime.ts'
import { sealClaims } from '../_auth/session-cookie.ts'

/** Hands the browser the cookie of its session's new id. */
export async function setSessionCookie(claims: SessionClaims): Promise<void> {
  const settings = cookieSettings()
  const options = { ...cookieOptions(settings), maxAge: lifetimeDays * 86_400 }
  const sealed = await sealClaims(claims, authSecret())
  ;(await cookies()).set(cookieName('session-token', settings), sealed, options)
}
