import { isIP } from 'node:net'
import { cookies, headers } from 'next/headers'
import type { Origin } from '#lib/auth/sessions/start-session.ts'
import { env } from '#lib/process/env.ts'
import { timeZoneCookie } from './time-zone-cookie.ts'

/** Where the current request comes from. app/server.ts has put the one believed address in the header. */
export async function requestOrigin(): Promise<Origin> {
  const incoming = await headers()
  const address = incoming.get('x-forwarded-for')?.split('%')[0] ?? ''
  const timeZone = (await cookies()).get(timeZoneCookie)?.value
  return { address: isIP(address) ? address : null, userAgent: incoming.get('user-agent'), timeZone }
}

/** Where people reach this server, such as `https://tokens.example.com`; in the demo by whatever name they used. */
export async function ownOrigin(): Promise<string> {
  const { NEXTAUTH_URL } = env()
  if (NEXTAUTH_URL) return NEXTAUTH_URL
  const incoming = await headers()
  return `${incoming.get('x-forwarded-proto')}://${incoming.get('x-forwarded-host')}`
}
