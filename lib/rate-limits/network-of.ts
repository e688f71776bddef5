import { isIPv6 } from 'node:net'

/** Whoever has one IPv6 address has the 2^64 of its network. */
export function networkOf(address: string | null): string {
  if (!address) return 'unknown'
  return isIPv6(address) ? `${groupsOf(address, 4)}::/64` : address
}

/** What is commonly given out as one: 256 addresses of IPv4, 65,536 networks of IPv6. */
export function widerNetworkOf(address: string | null): string {
  if (!address) return 'unknown'
  if (isIPv6(address)) return `${groupsOf(address, 3)}::/48`
  return `${address.split('.').slice(0, 3).join('.')}.0/24`
}

/** The first groups of an IPv6 address, spelled in one way. */
function groupsOf(address: string, count: number): string {
  const [head = '', tail] = address.toLowerCase().split('%')[0]?.split('::') ?? []
  const groups = head.split(':').filter(Boolean)
  const rest = tail === undefined ? [] : tail.split(':').filter(Boolean)
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - rest.length)
  const all = [...groups, ...Array<string>(zeros).fill('0'), ...rest]
  return all
    .slice(0, count)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}
