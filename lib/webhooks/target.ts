import { promises as dns, type LookupAddress } from 'node:dns'
import { ok, type Result, refuse } from '../result.ts'
import { isInside, isPublicAddress, type Network } from './networks.ts'

/**
 * Why nothing is sent to an address. `private`: it, or one that its name stands for, is not of the internet at large and in
 * no network that the operator allows. `not-encrypted`: http is for the operator's own networks.
 */
export type TargetRefusal = 'not-a-url' | 'credentials' | 'port' | 'private' | 'not-encrypted' | 'unresolved'

export type Resolve = (host: string) => Promise<LookupAddress[]>

const resolveByDns: Resolve = (host) => dns.lookup(host, { all: true })
const firstUnprivilegedPort = 1024

/** Whether the spelling of the address alone refuses it. */
export function readTarget(text: string): Result<URL, TargetRefusal> {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '') return refuse('not-a-url')
  if (url.username !== '' || url.password !== '') return refuse('credentials')
  return ok(url)
}

/** The host without the brackets of an IPv6 address. */
export const hostOf = (url: URL) => url.hostname.replace(/^\[|\]$/g, '')

/** Whether `url` may be sent to where its host is at `address`. */
export function refusalOfAddress(url: URL, address: string, networks: Network[]): TargetRefusal | null {
  if (isInside(networks, address)) return null
  if (!isPublicAddress(address)) return 'private'
  if (url.protocol !== 'https:') return 'not-encrypted'
  const port = Number(url.port || 443)
  return port === 443 || port >= firstUnprivilegedPort ? null : 'port'
}

/**
 * Whether a webhook can be sent there as things are now. For the person who types it: each attempt looks again, since a
 * name can stand for another address by then.
 */
export async function checkTarget(
  text: string,
  { networks, resolve = resolveByDns }: { networks: Network[]; resolve?: Resolve },
): Promise<Result<URL, TargetRefusal>> {
  const target = readTarget(text)
  if (!target.ok) return target
  const url = target.value
  const addresses = await resolve(hostOf(url)).catch(() => [])
  if (addresses.length === 0) return refuse('unresolved')
  for (const { address } of addresses) {
    const refusal = refusalOfAddress(url, address, networks)
    if (refusal) return refuse(refusal)
  }
  return ok(url)
}
