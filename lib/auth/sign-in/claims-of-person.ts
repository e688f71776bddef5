import type { Logger } from 'pino'
import type { IssuerClaims } from './sign-in-with-issuer.ts'

type Ask = {
  /** Of the ID token. */
  claims: IssuerClaims & Record<string, unknown>
  /** UserInfo about the same subject; null where the issuer has none. */
  askUserInfo: (() => Promise<Record<string, unknown>>) | null
  log: Pick<Logger, 'warn'>
}

/**
 * What an issuer says of a person. One that keeps to OpenID Connect Core, 5.4, has the address at UserInfo only: it is asked
 * where the ID token does not hold the address or whether it was verified. Both come from one of the two, never one of each.
 */
export async function claimsOfPerson({ claims, askUserInfo, log }: Ask) {
  if (claims.email !== undefined && claims.email_verified !== undefined) return claims
  if (!askUserInfo) return claims
  try {
    const { sub, email, email_verified } = await askUserInfo()
    if (sub !== claims.sub || email === undefined) return claims
    const { email: _unverified, ...others } = claims
    return { ...others, email, ...(email_verified !== undefined && { email_verified }) }
  } catch (err) {
    // Who is bound already signs in without an address.
    log.warn({ err }, 'the issuer of single sign-on did not answer at UserInfo')
    return claims
  }
}
