import { ok, type Result, refuse } from '../result.ts'

/**
 * The word of `Authorization: Bearer <word>` (RFC 6750, 2.1), of any shape. `missing`: no credentials, or those of another scheme.
 * `malformed`: not one word after the scheme.
 */
export function bearerIn(authorization: string | undefined): Result<string, 'missing' | 'malformed'> {
  if (authorization === undefined || !/^bearer(\s|$)/i.test(authorization)) return refuse('missing')
  const word = /^bearer\s+(\S+)\s*$/i.exec(authorization)?.[1]
  return word === undefined ? refuse('malformed') : ok(word)
}
