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
const lastElement = /(?:^|,)((?:[^",]|"(?:[^"\\]|\\.)*")*)$/

/** Read from its end: a quotation mark that a caller left open must not swallow what the proxy wrote behind it. */
function elementsOf(forwarded: string): string[] {
  const elements: string[] = []
  let rest = forwarded.slice(-mostCharacters)
  for (let last = lastElement.exec(rest); last; last = lastElement.exec(rest)) {
    elements.unshift(last[1] ?? '')
    rest = rest.slice(0, last.index)
    if (last.index === 0) break
  }
  return elements
}

/** An element that names nobody was written by a proxy all the same: what stands before it is not its word. */
function forOf(element: string): string {
  if (element.trim() === '') return ''
  return /(?:^|;)\s*for\s*=\s*("[^"]*"|[^;"]*)/i.exec(element)?.[1] ?? 'unknown'
}
