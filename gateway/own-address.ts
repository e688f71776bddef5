import { hostname, type NetworkInterfaceInfo, networkInterfaces } from 'node:os'

type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>

/**
 * Where other machines reach what listens on `host` and `port`, as far as this one knows: where `host` is all addresses, the first that is
 * not the machine's own, IPv4 before IPv6, else its name.
 */
export function ownAddress(
  { host, port }: { host: string; port: number },
  interfaces: Interfaces = networkInterfaces(),
): string {
  return `http://${bracketed(everywhere.has(host) ? outerAddress(interfaces) : host)}:${port}`
}

const everywhere = new Set(['0.0.0.0', '::', '[::]', '*', ''])

function outerAddress(interfaces: Interfaces): string {
  const outer = Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    // One of the link alone is of use with the name of an interface, which differs by machine.
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
  const chosen = outer.find(({ family }) => family === 'IPv4') ?? outer[0]
  return chosen?.address ?? hostname()
}

const bracketed = (host: string) => (host.includes(':') && !host.startsWith('[') ? `[${host}]` : host)
