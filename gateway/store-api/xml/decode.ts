import { isAscii } from 'node:buffer'
import { ok, type Result, refuse } from '#lib/result.ts'
import { readDeclaration } from './declaration.ts'
import type { XmlProblem } from './problem.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })

type Encoding = 'utf-8' | 'us-ascii' | 'iso-8859-1'

const encodings: ReadonlyMap<string, Encoding> = new Map([
  ['utf-8', 'utf-8'],
  ['utf8', 'utf-8'],
  ['us-ascii', 'us-ascii'],
  ['ascii', 'us-ascii'],
  ['iso-8859-1', 'iso-8859-1'],
  ['latin1', 'iso-8859-1'],
])

/**
 * The text of a body. Its encoding, in this order (RFC 7303): byte order mark, charset of the content type,
 * XML declaration, else UTF-8. Refuses all but UTF-8, US-ASCII and ISO-8859-1, bytes that are not text in it,
 * and, beyond ASCII, a charset and a declaration that differ: the next reader may go by the other.
 */
export function decodeXml(
  body: Buffer,
  contentType: string | undefined,
): Result<string, Extract<XmlProblem, 'encoding'>> {
  if (body.includes(0) || hasForeignMark(body)) return refuse('encoding')
  const marked = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf
  const bytes = marked ? body.subarray(3) : body
  const singleBytes = bytes.toString('latin1')
  const named = new Set(namesIn(contentType, singleBytes).map((name) => encodings.get(name.toLowerCase())))
  if (named.has(undefined)) return refuse('encoding')
  if (isAscii(bytes)) return ok(singleBytes)
  if (named.size > 1) return refuse('encoding')
  const [encoding = 'utf-8'] = named
  switch (marked ? 'utf-8' : encoding) {
    case 'utf-8':
      return decodeUtf8(bytes)
    case 'iso-8859-1':
      return ok(singleBytes)
    case 'us-ascii':
      return refuse('encoding')
  }
}

/** Every charset that any reader may find in the content type, however it is written there, and the declared one. */
function namesIn(contentType: string | undefined, text: string): string[] {
  const charsets = contentType?.matchAll(/charset\s*=\s*"?([^\s;,"]*)/gi) ?? []
  const names = Array.from(charsets, ([, name]) => name)
  return [...names, readDeclaration(text)?.encoding].filter(
    (name): name is string => name !== undefined && name !== '',
  )
}

function decodeUtf8(bytes: Buffer): Result<string, 'encoding'> {
  try {
    return ok(utf8.decode(bytes))
  } catch {
    return refuse('encoding')
  }
}

/** UTF-16's mark; without a mark it has NULs, as UTF-32 has, or is no XML. */
function hasForeignMark(body: Buffer): boolean {
  return (body[0] === 0xff && body[1] === 0xfe) || (body[0] === 0xfe && body[1] === 0xff)
}
