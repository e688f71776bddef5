import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { type CookieSettings, cookieName, cookieOptions } from './cookies.ts'

const lifetimeSeconds = 365 * 86_400

type Bound = { email: string; secret: string; now: Date }

/**
 * Made where an account's owner has given their password: their browser shows it at later guesses, which are then
 * counted by themselves (throttle.ts; OWASP, "Device Cookies"). It outlives sessions and opens nothing.
 * @param bound.email the account, as `canonicalEmail` writes it. The mark does not tell which it is.
 */
export function createDeviceMark({ email, secret, now }: Bound): string {
  const expiresAtSeconds = Math.floor(now.getTime() / 1000) + lifetimeSeconds
  const device = `${randomBytes(16).toString('base64url')}.${expiresAtSeconds}`
  return `${device}.${sign(device, { email, secret })}`
}

/** What tells the device from others; null for a mark of another account or server, a forged or an old one. */
export function readDeviceMark(mark: string | undefined, { email, secret, now }: Bound): string | null {
  const [, device, expiresAtSeconds, signature] =
    /^([\w-]{22}\.(\d{1,12}))\.([\w-]{43})$/.exec(mark ?? '') ?? []
  if (!device || !signature) return null
  const isOurs = timingSafeEqual(Buffer.from(signature), Buffer.from(sign(device, { email, secret })))
  return isOurs && now.getTime() < Number(expiresAtSeconds) * 1000 ? device : null
}

function sign(device: string, { email, secret }: Omit<Bound, 'now'>) {
  // The first word keeps it apart from whatever else is signed with this secret.
  return createHmac('sha256', secret)
    .update(JSON.stringify(['device', email, device]))
    .digest('base64url')
}

/** The `Set-Cookie` of a mark. A browser keeps one: that of the account that signed in last. */
export function deviceCookie(mark: string, settings: CookieSettings): string {
  const { path, secure } = cookieOptions(settings)
  const attributes = [`Path=${path}`, `Max-Age=${lifetimeSeconds}`, 'HttpOnly', 'SameSite=Lax']
  if (secure) attributes.push('Secure')
  return [`${cookieName('device', settings)}=${mark}`, ...attributes].join('; ')
}
