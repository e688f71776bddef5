import ipaddr, { type IPv4, type IPv6 } from 'ipaddr.js'

type Address = IPv4 | IPv6
export type Network = [Address, bits: number]

/** Reads `WEBHOOK_NETWORKS`: networks such as `127.0.0.0/8`, comma-separated. Throws what is wrong with it. */
export function readNetworks(text: string): Network[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      if (!ipaddr.isValidCIDR(part)) throw new Error(`${part} is not a network such as 10.0.0.0/8`)
      return ipaddr.parseCIDR(part)
    })
}

/** Everything that the internet's registries have given out so far: what merely embeds an IPv4 address is outside. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3')

/** An address of the internet at large: not ours, not a neighbour's, nothing reserved, none that stands for another. */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.parse(text)
  if (address.range() !== 'unicast') return false
  return isIPv4(address) || address.match(globalUnicast)
}

/** Whether the address, or the IPv4 address that it maps, is inside one of the networks. */
export function isInside(networks: Network[], text: string): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.process(text)
  return networks.some(([network, bits]) => address.kind() === network.kind() && address.match(network, bits))
}

const isIPv4 = (address: Address): address is IPv4 => address.kind() === 'ipv4'
