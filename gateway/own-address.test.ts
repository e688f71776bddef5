import type { NetworkInterfaceInfo } from 'node:os'
import { expect, test } from 'vitest'
import { ownAddress } from './own-address.ts'

const one = (address: string, more: Partial<NetworkInterfaceInfo> = {}) =>
  ({
    address,
    family: address.includes(':') ? 'IPv6' : 'IPv4',
    internal: false,
    ...more,
  }) as NetworkInterfaceInfo
const interfaces = {
  lo: [one('127.0.0.1', { internal: true })],
  eth0: [one('fe80::1'), one('fd00::7'), one('10.0.0.7')],
}

test.each([
  ['127.0.0.1', 'http://127.0.0.1:3001'],
  ['gateway-1.internal', 'http://gateway-1.internal:3001'],
  ['::1', 'http://[::1]:3001'],
  ['0.0.0.0', 'http://10.0.0.7:3001'],
  ['::', 'http://10.0.0.7:3001'],
])('what listens on %s is reached at %s', (host, address) => {
  expect(ownAddress({ host, port: 3001 }, interfaces)).toBe(address)
})

test('without an outer IPv4 address it is that of IPv6, never one of a link', () => {
  const only = { eth0: [one('fe80::1'), one('fd00::7')] }
  expect(ownAddress({ host: '0.0.0.0', port: 3001 }, only)).toBe('http://[fd00::7]:3001')
})
