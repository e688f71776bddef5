import { cookies } from 'next/headers'
import { authSecret } from '#lib/auth/secret.ts'
import {
  cookieName,
  cookieOptions,
  cookieSettings,
  type SessionClaims,
  sealClaims,
} from '#lib/auth/session-cookie.ts'
import { lifetimeDays } from '#lib/auth/session-lifetime.ts'

/** Hands the browser the cookie of its session's new id. */
export async function setSessionCookie(claims: SessionClaims): Promise<void> {
  const settings = cookieSettings()
  const options = { ...cookieOptions(settings), maxAge: lifetimeDays * 86_400 }
  const sealed = await sealClaims(claims, authSecret())
  ;(await cookies()).set(cookieName('session-token', settings), sealed, options)
}
