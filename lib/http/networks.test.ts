import { expect, test } from 'vitest'
import { isInside, isPublicAddress, readNetworks } from './networks.ts'

test.each([
  '1.1.1.1',
  '93.184.215.14',
  '2606:4700:4700::1111',
  '2a00:1450:4001:80b::200e',
  '168.63.129.15',
  '199.36.153.1',
])('%s is an address of the internet', (address) => expect(isPublicAddress(address)).toBe(true))

test.each([
  ['this host', '0.0.0.0'],
  ['this network', '0.1.2.3'],
  ['loopback', '127.0.0.1'],
  ['loopback', '127.255.255.254'],
  ['private', '10.0.0.1'],
  ['private', '172.16.0.1'],
  ['private', '172.31.255.255'],
  ['private', '192.168.1.1'],
  ['link-local, where clouds keep their secrets', '169.254.169.254'],
  ['carrier-grade NAT', '100.64.0.1'],
  ['documentation', '192.0.2.1'],
  ['benchmarking', '198.18.0.1'],
  ['multicast', '224.0.0.1'],
  ['reserved', '240.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['6to4 relay', '192.88.99.1'],
  ['unspecified', '::'],
  ['loopback', '::1'],
  ['link-local', 'fe80::1'],
  ['link-local with a zone', 'fe80::1%eth0'],
  ['unique-local', 'fd00::1'],
  ['site-local', 'fec0::1'],
  ['multicast', 'ff02::1'],
  ['IPv4-mapped', '::ffff:127.0.0.1'],
  ['IPv4-mapped', '::ffff:93.184.215.14'],
  ['IPv4-compatible', '::127.0.0.1'],
  ['IPv4-compatible', '::7f00:1'],
  ['IPv4-translated', '::ffff:0:127.0.0.1'],
  ['NAT64', '64:ff9b::7f00:1'],
  ['NAT64 of a network', '64:ff9b:1::7f00:1'],
  ['6to4', '2002:7f00:1::'],
  ['Teredo', '2001:0:7f00:1::'],
  ['documentation', '2001:db8::1'],
  ['given to nobody yet', '4000::1'],
  ['the host of a virtual machine, Azure', '168.63.129.16'],
  ['metadata, Oracle', '192.0.0.192'],
  ['metadata, Alibaba', '100.100.100.200'],
  ['metadata, Tencent', '169.254.0.23'],
  ['metadata, Amazon', 'fd00:ec2::254'],
  ['metadata, Google', 'fd20:ce::254'],
  ['metadata, Equinix', '192.80.8.124'],
  ['private services, IBM', '161.26.0.10'],
  ['private services, IBM', '166.11.255.255'],
  ['private services, Google', '199.36.153.8'],
  ['protocol assignments', '192.0.0.170'],
  ['documentation', '198.51.100.1'],
  ['documentation', '203.0.113.1'],
  ['AS112', '192.31.196.1'],
  ['AS112', '192.175.48.1'],
  ['AMT', '192.52.193.1'],
  ['discard only', '100::1'],
  ['dummy prefix', '100:0:0:1::1'],
  ['port control anycast', '2001:1::1'],
  ['benchmarking', '2001:2::1'],
  ['AMT', '2001:3::1'],
  ['AS112', '2001:4:112::1'],
  ['AS112', '2620:4f:8000::1'],
  ['ORCHIDv2', '2001:20::1'],
  ['drone identifiers', '2001:30::1'],
  ['documentation', '3fff::1'],
  ['given back', '3ffe::1'],
  ['segment routing', '5f00::1'],
  ['IPv4-translated of an Azure host', '::ffff:0:a83f:8110'],
  ['IPv4-mapped of an Azure host', '::ffff:168.63.129.16'],
  ['NAT64 of an Azure host', '64:ff9b::a83f:8110'],
  ['6to4 of an Azure host', '2002:a83f:8110::1'],
  ['ISATAP', '2606:4700::5efe:7f00:1'],
  ['ISATAP', '2606:4700:0:0:200:5efe:a9fe:a9fe'],
  ['not an address', 'localhost'],
  ['not an address', ''],
])('%s is not: %s', (_, address) => expect(isPublicAddress(address)).toBe(false))

test('networks that the operator names are inside, also as addresses that map them', () => {
  const networks = readNetworks('127.0.0.0/8, fd00::/8')
  for (const inside of ['127.0.0.1', '::ffff:127.0.0.1', 'fd12::1']) {
    expect(isInside(networks, inside), inside).toBe(true)
  }
  for (const outside of ['128.0.0.1', '10.0.0.1', '::1', 'fc00::1', 'localhost']) {
    expect(isInside(networks, outside), outside).toBe(false)
  }
  expect(readNetworks('')).toEqual([])
})

test.each(['127.0.0.1', 'localhost/8', '10.0.0.0/33', 'ten'])('%s is no network', (text) => {
  expect(() => readNetworks(text)).toThrow('is not a network')
})
