import { type LookupAddress, promises as system } from 'node:dns'
import { isIP } from 'node:net'
import type { Network } from '../../http/networks.ts'

/** Every address that a name stands for, one at least. Throws {@link NameUnanswered}, or what DNS says of the name. */
export type Resolve = (host: string, networks: Network[]) => Promise<LookupAddress[]>

/** The name servers did not answer in time. */
export class NameUnanswered extends Error {}

type DnsOptions = {
  servers?: string[]
  timeoutMs?: number
  lookup?: (host: string) => Promise<LookupAddress[]>
}

/**
 * Asks the name servers by itself and hangs up after `timeoutMs`: the system's `lookup` can be neither hurried nor cancelled,
 * and a few slow names would keep everybody else's, the database's too, waiting for one of its threads. It is asked all the
 * same where the operator allows networks of their own, whose names may be in no name server.
 */
export function createResolve({
  servers,
  timeoutMs = 4_000,
  lookup = (host) => system.lookup(host, { all: true }),
}: DnsOptions = {}): Resolve {
  return async (host, networks) => {
    const family = isIP(host)
    if (family !== 0) return [{ address: host, family }]
    if (host === 'localhost') return lookup(host)
    const resolver = new system.Resolver({ timeout: timeoutMs / 2, tries: 2 })
    if (servers) resolver.setServers(servers)
    const hangUp = setTimeout(() => resolver.cancel(), timeoutMs)
    const [v4, v6] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
    clearTimeout(hangUp)
    const found = [
      ...(v4.status === 'fulfilled' ? v4.value.map((address) => ({ address, family: 4 })) : []),
      ...(v6.status === 'fulfilled' ? v6.value.map((address) => ({ address, family: 6 })) : []),
    ]
    if (found.length > 0) return found
    const failures = [v4, v6].flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    if (failures.some(({ code }) => code === 'ETIMEOUT' || code === 'ECANCELLED')) throw new NameUnanswered()
    if (networks.length > 0) return lookup(host)
    throw failures[0]
  }
}

export const resolveHost = createResolve()
