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
  const named = optionsOfConnection(rawHeaders)
  const passed: string[] = []
  for (let n = 0; n + 1 < rawHeaders.length; n += 2) {
    const [name, value] = [rawHeaders[n] as string, rawHeaders[n + 1] as string]
    const known = canonical(name)
    if (!hopByHop.has(known) && !named.has(known) && !isOurs(known)) passed.push(name, value)
  }
  return passed
}

function optionsOfConnection(rawHeaders: readonly string[]): ReadonlySet<string> {
  const named = new Set<string>()
  for (let n = 0; n + 1 < rawHeaders.length; n += 2) {
    if (canonical(rawHeaders[n] as string) !== 'connection') continue
    for (const option of (rawHeaders[n + 1] as string).split(',')) named.add(canonical(option.trim()))
  }
  return named
}

/** Programs send the same few names in every call; what many send for fun is not kept. */
const mostKept = 500
const longestKept = 40
const kept = new Map<string, string>()

function canonical(name: string): string {
  const known = kept.get(name)
  if (known !== undefined) return known
  const made = name.toLowerCase().replace(/[^a-z0-9]/g, '-')
  if (kept.size < mostKept && name.length <= longestKept) kept.set(name, made)
  return made
}
