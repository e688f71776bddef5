import ipaddr from 'ipaddr.js'
import { ok, type Result, refuse } from '../result.ts'

/**
 * One address or network as PostgreSQL keeps a `cidr`: `203.0.113.7` is `203.0.113.7/32`. An IPv4 address that IPv6 wraps is itself.
 * `has-host-bits`: `203.0.113.7/24` may mean the address or its network: `meant` is the network.
 */
export function readNetwork(
  typed: string,
): Result<string, { kind: 'no-network' } | { kind: 'has-host-bits'; meant: string }> {
  const [address = '', bits, ...more] = typed.split('/')
  // Both writings of IPv4 that nobody means: `010.0.0.1` is eight in one place and ten in another, `10.1` has two parts.
  const isWritten = address.includes(':')
    ? ipaddr.IPv6.isValid(address)
    : ipaddr.IPv4.isValidFourPartDecimal(address)
  if (!isWritten || address.includes('%') || more.length > 0) return refuse({ kind: 'no-network' })
  const parsed = ipaddr.process(address)
  const most = parsed.kind() === 'ipv4' ? 32 : 128
  if (bits === undefined) return ok(`${parsed}/${most}`)
  if (!/^(?:0|[1-9]\d{0,2})$/.test(bits)) return refuse({ kind: 'no-network' })
  // `::ffff:192.0.2.0/120` is 192.0.2.0/24.
  const length = Number(bits) - (address.includes(':') && most === 32 ? 96 : 0)
  if (length < 0 || length > most) return refuse({ kind: 'no-network' })
  const whole = `${parsed}/${length}`
  const network = (most === 32 ? ipaddr.IPv4 : ipaddr.IPv6).networkAddressFromCIDR(whole)
  const meant = `${network}/${length}`
  return meant === whole ? ok(whole) : refuse({ kind: 'has-host-bits', meant })
}
