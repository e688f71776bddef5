/** Between two neighbours only (RFC 9110, 7.6.1); undici and node:http write their own. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/**
 * What of `rawHeaders` (name, value, name, value …) is meant for the other end: without the headers between
 * neighbours, those that `Connection` names, and those of which `isOurs` says so.
 * @param isOurs asked with the name in lower case, and `-` for every sign: many servers take `X_Store_Id` or
 * `X.Store.Id` for `X-Store-Id`
 */
export function endToEndHeaders(rawHeaders: readonly string[], isOurs: (name: string) => boolean): string[] {
  const fields = pairsOf(rawHeaders)
  const named = new Set(
    fields
      .filter(([name]) => canonical(name) === 'connection')
      .flatMap(([, value]) => value.split(',').map((option) => canonical(option.trim()))),
  )
  return fields.flatMap(([name, value]) => {
    const known = canonical(name)
    return hopByHop.has(known) || named.has(known) || isOurs(known) ? [] : [name, value]
  })
}

function canonical(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '-')
}

function pairsOf(rawHeaders: readonly string[]): [string, string][] {
  return Array.from({ length: rawHeaders.length / 2 }, (_, n) => [
    rawHeaders[2 * n] as string,
    rawHeaders[2 * n + 1] as string,
  ])
}
