import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import proxyAddr from 'proxy-addr'

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
 * The address of the client: the last one in `X-Forwarded-For` that no believed proxy vouches for, else
 * the socket's own. `undefined` once the connection is gone. Never text that is not an address, and 45
 * characters at most.
 */
export function clientAddress(request: AddressedRequest, trust: Trust): string | undefined {
  const { remoteAddress } = request.socket
  if (!remoteAddress) return undefined
  const own = withoutZone(remoteAddress)
  // Nobody believed: the header need not be read at all.
  if (!trust(own, 0)) return withoutMapping(own)
  const claimed = withoutZone(proxyAddr(request as Parameters<typeof proxyAddr>[0], trust))
  return withoutMapping(isAddress(claimed) ? claimed : own)
}

/** What the client spoke: with a believed proxy as it says in `X-Forwarded-Proto`, else what the door speaks. */
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

function isAddress(text: string): boolean {
  return text.length <= maxAddressLength && isIP(text) !== 0
}

/** `::ffff:192.0.2.1` is how a dual-stack socket writes 192.0.2.1. */
function withoutMapping(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
}
