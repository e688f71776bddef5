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

/**
 * Public by their number, but answered inside a cloud by the cloud itself: what they say or do is for the machine that
 * asks. The others that clouds use (169.254.0.0/16, 100.100.100.200, 192.0.0.192, fd00:ec2::254 …) are in reserved ranges.
 */
const ofClouds = [
  // Azure: the agent of a virtual machine asks its host here, also for secrets.
  '168.63.129.16/32',
  // IBM Cloud: services and endpoints of its private network.
  '161.26.0.0/16',
  '166.8.0.0/14',
  // Google Cloud: its interfaces as seen from private networks.
  '199.36.153.4/30',
  '199.36.153.8/30',
  '34.126.0.0/18',
  // Equinix Metal: metadata of the machine.
  '192.80.8.124/32',
  // Given back by an early network of IPv6 (RFC 3701).
  '3ffe::/16',
].map((network) => ipaddr.parseCIDR(network))

/** An address of the internet at large: not ours, not a neighbour's, nothing reserved, none that stands for another. */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.parse(text)
  if (address.range() !== 'unicast' || isIn(ofClouds, address)) return false
  return isIPv4(address) || (address.match(globalUnicast) && !isTunnelled(address))
}

/** The last half of it is an IPv4 address in an envelope (ISATAP, RFC 5214), whatever network it begins with. */
function isTunnelled({ parts }: IPv6): boolean {
  return (parts[4] === 0 || parts[4] === 0x200) && parts[5] === 0x5efe
}

/** Whether the address, or the IPv4 address that it maps, is inside one of the networks. */
export function isInside(networks: Network[], text: string): boolean {
  if (!ipaddr.isValid(text)) return false
  return isIn(networks, ipaddr.process(text))
}

function isIn(networks: Network[], address: Address): boolean {
  return networks.some(([network, bits]) => address.kind() === network.kind() && address.match(network, bits))
}

const isIPv4 = (address: Address): address is IPv4 => address.kind() === 'ipv4'
