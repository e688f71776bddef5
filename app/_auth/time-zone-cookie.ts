/** What the sign-in page notes of the browser's time zone, for the request that signs in; kept for an hour. */
export const timeZoneCookie = 'time-zone'

/** The text of `document.cookie`. */
export function timeZoneCookieText(timeZone: string): string {
  return `${timeZoneCookie}=${encodeURIComponent(timeZone)}; Path=/; Max-Age=3600; SameSite=Lax`
}
