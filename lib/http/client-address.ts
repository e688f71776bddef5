import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import type { Logger } from 'pino'
import proxyAddr from 'proxy-addr'
import { readForwardedFor } from './forwarded-for.ts'

/** The part of a request that tells where it comes from: an `IncomingMessage`, or a test's literal. */
export type AddressedRequest = {
  socket: { remoteAddress?: string | undefined }
  headers: IncomingHttpHeaders
}

/** Says whether the proxy at `address`, `distance` steps away, is believed. */
export type Trust = (address: string, distance: number) => boolean

/** IPv6 in full, its last quarter written as IPv4. */
const maxAddressLength = 45

/**
 * Reads `TRUSTED_PROXIES`: addresses, networks (`10.0.0.0/8`) and the names `loopback`, `linklocal`,
 * `uniquelocal`, comma-separated; empty: nobody is believed. Throws a message that names the variable.
 */
export function trustOf(trustedProxies: string): Trust {
  const names = trustedProxies
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  if (names.length === 0) return () => false
  try {
    return proxyAddr.compile(names)
  } catch (cause) {
    throw new Error(`TRUSTED_PROXIES: ${(cause as Error).message}`, { cause })
  }
}

/**
 * The address of the client: the last one that the proxies wrote down (`readForwardedFor`) and no believed proxy
 * vouches for, else the socket's own. `undefined` once the connection is gone. Never text that is not an address,
 * and 45 characters at most.
 * @param onUnreadable called with the proxy that is believed and wrote what is no address; its own is then taken.
 */
export function clientAddress(
  request: AddressedRequest,
  trust: Trust,
  onUnreadable?: (proxy: string) => void,
): string | undefined {
  const { remoteAddress } = request.socket
  if (!remoteAddress) return undefined
  let address = withoutZone(remoteAddress)
  // Nobody believed: the header need not be read at all.
  if (!trust(address, 0)) return withoutMapping(address)
  for (const [step, entry] of readForwardedFor(request.headers).reverse().entries()) {
    if (!trust(address, step)) break
    const claimed = addressIn(entry)
    if (claimed === undefined) {
      onUnreadable?.(withoutMapping(address))
      break
    }
    address = claimed
  }
  return withoutMapping(address)
}

/** Proxies of a process that can be distinguished in its log. */
const mostProxies = 100

/** Logs once of each proxy that what it writes cannot be read: all who come through it then share its address. */
export function logUnreadable(log: Pick<Logger, 'warn'>): (proxy: string) => void {
  const known = new Set<string>()
  return (proxy) => {
    if (known.has(proxy) || known.size >= mostProxies) return
    known.add(proxy)
    log.warn(
      { proxy },
      'TRUSTED_PROXIES names a proxy whose X-Forwarded-For or Forwarded holds no address: who comes through it has its address',
    )
  }
}

/** What the client spoke: with a believed proxy as it says in `X-Forwarded-Proto`, else what the gateway speaks. */
export function clientProtocol(request: AddressedRequest, trust: Trust): 'http' | 'https' {
  const own = request.socket.remoteAddress
  const claimed = own && trust(own, 0) ? String(request.headers['x-forwarded-proto'] ?? '') : ''
  return claimed.split(',')[0]?.trim().toLowerCase() === 'https' ? 'https' : 'http'
}

/** The host that the client named: with a believed proxy as it says in `X-Forwarded-Host`, else by `Host`. */
export function clientHost(request: AddressedRequest, trust: Trust): string | undefined {
  const own = request.socket.remoteAddress
  const claimed = own && trust(own, 0) ? request.headers['x-forwarded-host'] : undefined
  return claimed === undefined ? request.headers.host : String(claimed)
}

/** `%` and what follows has no bound, and may say anything; it means something on the client's machine only. */
function withoutZone(address: string): string {
  return address.replace(/%.*$/s, '')
}

const port = '(?::(?:\\d{1,5}|_[\\w.-]+))?'
const writings = [
  // IPv6 in brackets, as it stands in an address of the web: with a port or without.
  new RegExp(`^\\[([^\\]]+)\\]${port}$`),
  new RegExp(`^([\\d.]+)${port}$`),
  /^(.*)$/s,
]

/**
 * The address of an entry, as proxies and people write it: with a port or without, IPv6 in brackets or not, in quotation marks. One
 * client is one address, however it is written: IPv6 as RFC 5952 has it, `::ffff:192.0.2.1` as 192.0.2.1.
 * `undefined` for all else, such as `unknown` and the made-up names of RFC 7239, 6.3.
 */
export function addressIn(entry: string): string | undefined {
  const text = /^"(.*)"$/s.exec(entry)?.[1] ?? entry
  for (const writing of writings) {
    const address = withoutZone(writing.exec(text)?.[1]?.trim() ?? '')
    if (address.length > maxAddressLength || isIP(address) === 0) continue
    return address.includes(':') ? ipaddr.process(address).toString() : address
  }
  return undefined
}

/** `::ffff:192.0.2.1` and `::ffff:c000:201` are how a dual-stack socket and others write 192.0.2.1. */
function withoutMapping(address: string): string {
  if (!/^(?:0{0,4}:){2,5}ffff:/i.test(address)) return address
  return ipaddr.process(address).toString()
}
