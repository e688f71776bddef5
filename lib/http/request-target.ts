const port = '(?::\\d{0,5})?'
/** A name of labels, or an address in brackets; no user, no percents, no space (RFC 9112, 3.2; RFC 3986, 3.2.2). */
const host = new RegExp(`^(?:[\\w-]+(?:\\.[\\w-]+)*\\.?|\\[[0-9A-Fa-f:.]+\\])${port}$`)
/** Of a name of DNS, a dot at its end and a port. */
const mostCharacters = 260

/** Whether a text can stand in `Host`. */
export function isHost(text: string): boolean {
  return text.length <= mostCharacters && host.test(text)
}

/** Without its port, in lower case. */
export function hostnameOf(host: string): string {
  return host.replace(/:\d*$/, '').toLowerCase()
}

/**
 * A request's target as everything here reads it, path and query: of `http://name/path`, which clients send to proxies and
 * servers must take (RFC 9112, 3.2.2), what stands behind the name; the name is then what the request was sent to.
 */
export function readRequestTarget(target: string): { target: string; authority?: string } {
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/is.exec(target)
  if (!absolute) return { target }
  const [, authority = '', rest = ''] = absolute
  return { target: rest.startsWith('/') ? rest : `/${rest}`, authority }
}
