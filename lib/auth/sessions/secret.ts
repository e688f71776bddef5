import { env } from '../../process/env.ts'

/** What cookies are encrypted and signed with. The web server does not start without one (app/server.ts). */
export function authSecret(): string {
  const secret = env().NEXTAUTH_SECRET
  if (!secret) throw new Error('NEXTAUTH_SECRET is not set')
  return secret
}
