import { isAscii } from 'node:buffer'
import { ok, type Result, refuse } from '#lib/result.ts'
import type { XmlProblem } from './problem.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })
const declaredEncoding = /^\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([A-Za-z][\w.-]{0,40})["']/

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
 * XML declaration, else UTF-8. Refuses all but UTF-8, US-ASCII and ISO-8859-1, and bytes that are not text in it.
 */
export function decodeXml(
  body: Buffer,
  contentType: string | undefined,
): Result<string, Extract<XmlProblem, 'encoding'>> {
  if (body.includes(0) || hasForeignMark(body)) return refuse('encoding')
  const marked = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf
  const bytes = marked ? body.subarray(3) : body
  const name = charsetOf(contentType) ?? declaredEncoding.exec(bytes.toString('latin1', 0, 512))?.[1]
  const encoding = name === undefined ? 'utf-8' : encodings.get(name.toLowerCase())
  if (encoding === undefined) return refuse('encoding')
  if (isAscii(bytes)) return ok(bytes.toString('latin1'))
  switch (marked ? 'utf-8' : encoding) {
    case 'utf-8':
      return decodeUtf8(bytes)
    case 'iso-8859-1':
      return ok(bytes.toString('latin1'))
    case 'us-ascii':
      return refuse('encoding')
  }
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

function charsetOf(contentType: string | undefined): string | undefined {
  if (!contentType?.includes('=')) return undefined
  for (const parameter of contentType.split(';').slice(1)) {
    const [name = '', value = ''] = parameter.split('=', 2)
    if (name.trim().toLowerCase() === 'charset') {
      return value.trim().replace(/^"(.*)"$/, '$1') || undefined
    }
  }
  return undefined
}
