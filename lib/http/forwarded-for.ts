import type { IncomingHttpHeaders } from 'node:http'

/**
 * What proxies wrote of whom they had the request from, the last proxy's word at the end: `X-Forwarded-For`, else the
 * `for=` of `Forwarded` (RFC 7239). Where both are there, the second may be the caller's own. Empty entries are left out.
 */
export function readForwardedFor(headers: IncomingHttpHeaders): string[] {
  const { forwarded } = headers
  const listed = headers['x-forwarded-for']
  const entries =
    listed !== undefined
      ? String(listed).split(',')
      : forwarded !== undefined
        ? elementsOf(forwarded).map(forOf)
        : []
  return entries.map((entry) => entry.trim()).filter((entry) => entry !== '')
}

/** Of a header that no proxy makes so long, only the end is read. */
const mostCharacters = 4_096

/** Read from its end: a quotation mark that a caller left open must not swallow what the proxy wrote behind it. */
function elementsOf(forwarded: string): string[] {
  return partsOf(forwarded.slice(-mostCharacters), ',')
}

/**
 * The one `for=` of an element. One that names nobody, or says it twice, was written by a proxy all the same: what stands before
 * it is not its word. What stands in the quotation marks of another parameter, such as `host`, may be the caller's.
 */
function forOf(element: string): string {
  if (element.trim() === '') return ''
  const values = partsOf(element, ';').flatMap((parameter) => {
    const [name = '', ...value] = parameter.split('=')
    return name.trim().toLowerCase() === 'for' ? [value.join('=').trim()] : []
  })
  const [only, ...others] = values
  return only === undefined || others.length > 0 ? 'unknown' : only
}

/** Divided at a separator outside of quotation marks, from its end. Each character is looked at once. */
function partsOf(text: string, separator: string): string[] {
  const parts: string[] = []
  let end = text.length
  let isQuoted = false
  for (let at = end - 1; at >= 0; at--) {
    if (text[at] === '"' && !(isQuoted && isEscaped(text, at))) isQuoted = !isQuoted
    if (text[at] !== separator || isQuoted) continue
    parts.push(text.slice(at + 1, end))
    end = at
  }
  return [...parts, text.slice(0, end)].reverse()
}

/** Behind an odd number of backslashes. So many in a row are nobody's. */
function isEscaped(text: string, at: number): boolean {
  let slashes = 0
  while (slashes < 16 && text[at - 1 - slashes] === '\\') slashes++
  return slashes % 2 === 1
}
