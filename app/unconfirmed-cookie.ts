import { cookies } from 'next/headers'
import { cookieName, cookieOptions, cookieSettings } from '#lib/auth/sessions/cookies.ts'

/** How long pages say that an action was not on the standby, in seconds. */
const keptSeconds = 60

/** Keeps in the browser that its last action was not on the standby; actions and route handlers only. */
export async function keepUnconfirmed(now: Date): Promise<void> {
  const settings = cookieSettings()
  const options = { ...cookieOptions(settings), maxAge: keptSeconds }
  ;(await cookies()).set(cookieName('unconfirmed', settings), String(now.getTime()), options)
}

/** When the browser's last action was done, where the standby had not confirmed it and that is no minute ago. */
export async function unconfirmedSince(now: Date): Promise<Date | null> {
  const kept = (await cookies()).get(cookieName('unconfirmed', cookieSettings()))?.value ?? ''
  const age = /^\d{13}$/.test(kept) ? now.getTime() - Number(kept) : -1
  return age >= 0 && age <= keptSeconds * 1_000 ? new Date(Number(kept)) : null
}
