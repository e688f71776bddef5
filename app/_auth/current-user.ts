import { cookies } from 'next/headers'
import { cache } from 'react'
import { cookieName, cookieSettings } from '#lib/auth/sessions/cookies.ts'
import { openSession } from '#lib/auth/sessions/open-session.ts'
import { authSecret } from '#lib/auth/sessions/secret.ts'
import type { Reader } from '#lib/auth/sessions/signed-in.ts'
import { getDatabase } from '#lib/process/database.ts'
import { unsealClaims } from './session-cookie.ts'

/**
 * Who is asking; null where nobody is signed in, and from the moment that the session was ended or the person
 * disabled. Asked of the database once in rendering a page, and each time in an action. Throws when the database
 * does not answer.
 */
export const currentUser = cache(async (): Promise<Reader | null> => {
  const cookie = await sessionCookie()
  const claims = cookie ? await unsealClaims(cookie, authSecret()) : null
  return claims ? openSession(claims, { db: getDatabase(), now: new Date() }) : null
})

/** The browser still shows the cookie of a session: where there is no user any more, they were signed out. */
export async function hasSessionCookie(): Promise<boolean> {
  return (await sessionCookie()) !== undefined
}

async function sessionCookie(): Promise<string | undefined> {
  return (await cookies()).get(cookieName('session-token', cookieSettings()))?.value
}
