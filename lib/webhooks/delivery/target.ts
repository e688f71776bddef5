import type { LookupAddress } from 'node:dns'
import { isInside, isPublicAddress, type Network } from '../../http/networks.ts'
import { ok, type Result, refuse } from '../../result.ts'
import { NameUnanswered, type Resolve, resolveHost } from './resolve-host.ts'

/**
 * Why nothing is sent to an address. `private`: it, or one that its name stands for, is not of the internet at large and in
 * no network that the operator allows. `not-encrypted`: http is for the operator's own networks. `unanswered`: the name
 * servers took too long.
 */
export type TargetRefusal =
  | 'not-a-url'
  | 'credentials'
  | 'port'
  | 'private'
  | 'not-encrypted'
  | 'unresolved'
  | 'unanswered'

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
  { networks, resolve = resolveHost }: { networks: Network[]; resolve?: Resolve },
): Promise<Result<URL, TargetRefusal>> {
  const target = readTarget(text)
  if (!target.ok) return target
  const url = target.value
  const addresses = await findAllowed(url, { networks, resolve })
  return addresses.ok ? ok(url) : addresses
}

/** Every address that the name stands for has to be allowed: which one is taken is not ours to say. */
export async function findAllowed(
  url: URL,
  { networks, resolve }: { networks: Network[]; resolve: Resolve },
): Promise<Result<LookupAddress[], TargetRefusal>> {
  const found = await resolve(hostOf(url), networks).catch((error) =>
    error instanceof NameUnanswered ? 'unanswered' : [],
  )
  if (found === 'unanswered') return refuse('unanswered')
  if (found.length === 0) return refuse('unresolved')
  for (const { address } of found) {
    const refusal = refusalOfAddress(url, address, networks)
    if (refusal) return refuse(refusal)
  }
  return ok(found)
}
