import { bearerIn } from '#lib/http/bearer.ts'
import { type Result, refuse } from '#lib/result.ts'
import { valuesOf } from '../server/header-values.ts'

/**
 * `missing`: no credentials, or those of another scheme. `malformed`: not one word after the scheme.
 * `ambiguous`: more than one `Authorization`.
 */
export type BearerRefusal = 'missing' | 'malformed' | 'ambiguous'

/**
 * The token of `Authorization: Bearer <token>` (RFC 6750, 2.1), of any shape, with what white space is around it.
 * @param rawHeaders name, value, name, value …
 */
export function readBearer(rawHeaders: readonly string[]): Result<string, BearerRefusal> {
  const [sent, ...more] = valuesOf(rawHeaders, 'authorization')
  if (more.length > 0) return refuse('ambiguous')
  // As a body is read: a byte order mark of the file that the token stood in is three bytes here.
  const authorization = sent === undefined ? undefined : Buffer.from(sent, 'latin1').toString('utf8')
  return bearerIn(authorization)
}
