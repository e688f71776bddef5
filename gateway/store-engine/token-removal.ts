import { ok, type Result, refuse } from '#lib/result.ts'
import { decodeXml } from '../store-api/xml/decode.ts'
import type { XmlElement } from '../store-api/xml/element.ts'
import { readXml } from '../store-api/xml/read.ts'

type Sent = { body: Buffer; contentType: string | undefined; root: XmlElement; tokenText: string }

/**
 * The body without the token's text, wherever its bytes stand: the gateway reads ASCII-compatible encodings only.
 * Refuses 'token-in-body' where it is still there (written with references, in CDATA in two parts), and where
 * the cut would change more than texts, as in `<StoreID1.0_…>`.
 */
export function removeToken({ body, contentType, root, tokenText }: Sent): Result<Buffer, 'token-in-body'> {
  const cut = cutOut(body, Buffer.from(tokenText, 'latin1'))
  const text = decodeXml(cut, contentType)
  const read = text.ok ? readXml(text.value) : text
  if (!text.ok || !read.ok) return refuse('token-in-body')
  if (resolveReferences(text.value).includes(tokenText)) return refuse('token-in-body')
  if (holds(read.value, tokenText)) return refuse('token-in-body')
  return isSameWithout(tokenText, root, read.value) ? ok(cut) : refuse('token-in-body')
}

/** True where the token stands in a header or in the address, as it is or percent-encoded. */
export function headHoldsToken(head: readonly string[], tokenText: string): boolean {
  return head.some((part) => part.includes(tokenText) || decodePercents(part).includes(tokenText))
}

function cutOut(body: Buffer, token: Buffer): Buffer {
  const parts: Buffer[] = []
  let from = 0
  for (let at = body.indexOf(token); at >= 0; at = body.indexOf(token, from)) {
    parts.push(body.subarray(from, at))
    from = at + token.length
  }
  return Buffer.concat([...parts, body.subarray(from)])
}

function holds(element: XmlElement, tokenText: string): boolean {
  return element.text.includes(tokenText) || element.children.some((child) => holds(child, tokenText))
}

/** `after` is `before`, but for the token's text. */
function isSameWithout(tokenText: string, before: XmlElement, after: XmlElement): boolean {
  return (
    after.name === before.name &&
    after.whole === before.whole &&
    after.text === before.text.replaceAll(tokenText, '') &&
    after.children.length === before.children.length &&
    after.children.every((child, n) => isSameWithout(tokenText, before.children[n] as XmlElement, child))
  )
}

/** Attributes and comments are read by nobody here, but perhaps by the engine. */
function resolveReferences(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&#(?:x([\da-f]{1,6})|(\d{1,7}));/gi, (reference, hex, decimal) => {
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    return code <= 0x7f ? String.fromCharCode(code) : reference
  })
}

function decodePercents(text: string): string {
  if (!text.includes('%')) return text
  return text.replace(/%([0-7][\da-f])/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
}
