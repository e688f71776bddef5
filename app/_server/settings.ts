import { randomBytes } from 'node:crypto'
import { trustOf } from '#lib/http/client-address.ts'
import { type Env, readEnv } from '#lib/process/env.ts'

export type Mode = 'production' | 'development'

/**
 * The environment that the web server starts with. `set`: what the start adds to it.
 * @throws an error whose message is for the person who starts us: what is missing or cannot be read.
 */
export function readSettings(
  environment: Record<string, string | undefined>,
  mode: Mode,
): { env: Env; set: Record<string, string> } {
  const { set, missing } = completeAuthSettings(readEnv(environment), mode)
  if (missing.length > 0)
    throw new Error(`The environment is not complete:\n${missing.map((line) => `  ${line}`).join('\n')}`)
  const env = readEnv({ ...environment, ...set })
  trustOf(env.TRUSTED_PROXIES)
  return { env, set }
}

/**
 * What next-auth reads from the environment by itself, checked and completed before Next starts. Outside the
 * demo and development nothing is made up: returns what is missing, as lines for the person who starts us.
 */
export function completeAuthSettings(
  env: Env,
  mode: Mode,
): { set: Record<string, string>; missing: string[] } {
  const isStrict = mode === 'production' && env.DEMO !== '1'
  const missing: string[] = []
  const set: Record<string, string> = {}

  if (!env.NEXTAUTH_URL) {
    if (isStrict)
      missing.push('NEXTAUTH_URL: the address that people type, such as https://tokens.example.com')
    // Then people may come as localhost and as 127.0.0.1.
    else set.AUTH_TRUST_HOST = 'true'
  }

  if (!env.NEXTAUTH_SECRET) {
    if (isStrict) {
      missing.push('NEXTAUTH_SECRET: 32 random characters or more, the same on every web server')
    } else {
      // Everybody is signed out by a restart; better than a secret that anybody can read in our sources.
      set.NEXTAUTH_SECRET = randomBytes(32).toString('base64url')
    }
  }

  if (!env.ENCRYPTION_KEYS) {
    const made = `made-at-start:${randomBytes(32).toString('base64')}`
    if (isStrict)
      missing.push(
        'ENCRYPTION_KEYS: a name, a colon, and 32 random bytes in base64; the same on every server',
      )
    // What waits encrypted is lost with a restart: in development only.
    else set.ENCRYPTION_KEYS = made
  }

  const oidc = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'] as const
  if (oidc.some((name) => env[name]) && !oidc.every((name) => env[name])) {
    missing.push(
      `${oidc.filter((name) => !env[name]).join(', ')}: all three switch single sign-on on, or none`,
    )
  }
  return { set, missing }
}
