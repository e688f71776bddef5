import { expect, test } from 'vitest'
import { clientAddress, clientProtocol, trustOf } from './client-address.ts'

const from = (remoteAddress: string | undefined, forwarded?: string) => ({
  socket: { remoteAddress },
  headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
})

test('without trusted proxies the header is not believed', () => {
  expect(clientAddress(from('192.0.2.1', '203.0.113.9'), trustOf(''))).toBe('192.0.2.1')
})

test('a trusted proxy is believed, and only as far as the chain is trusted', () => {
  const trust = trustOf('10.0.0.0/8, loopback')
  expect(clientAddress(from('10.1.2.3', '203.0.113.9'), trust)).toBe('203.0.113.9')
  expect(clientAddress(from('127.0.0.1', '198.51.100.7, 203.0.113.9, 10.0.0.5'), trust)).toBe('203.0.113.9')
  expect(clientAddress(from('192.0.2.1', '203.0.113.9'), trust)).toBe('192.0.2.1')
})

test('what is not an address never comes out', () => {
  const trust = trustOf('loopback')
  expect(clientAddress(from('127.0.0.1', '<script>'), trust)).toBe('127.0.0.1')
  expect(clientAddress(from('127.0.0.1', ''), trust)).toBe('127.0.0.1')
})

test.each(['fe80::1%eth0', `fe80::1%${'a secret '.repeat(500)}`, 'fe80::1%a%b'])(
  'a zone is no part of an address: it may have any length, and say anything',
  (zoned) => {
    expect(clientAddress(from('127.0.0.1', zoned), trustOf('loopback'))).toBe('fe80::1')
    expect(clientAddress(from(zoned), trustOf(''))).toBe('fe80::1')
    expect(clientAddress(from(zoned), trustOf('linklocal'))).toBe('fe80::1')
    expect(clientAddress(from(zoned, 'nonsense'), trustOf('linklocal'))).toBe('fe80::1')
  },
)

test('the longest address has 45 characters', () => {
  const full = '0000:0000:0000:0000:0000:ffff:255.255.255.255'
  expect(full).toHaveLength(45)
  expect(clientAddress(from('127.0.0.1', full), trustOf('loopback'))).toBe(full)
})

test('an IPv4 address is written as one, however the socket maps it', () => {
  expect(clientAddress(from('::ffff:192.0.2.1'), trustOf(''))).toBe('192.0.2.1')
  expect(clientAddress(from('::ffff:10.1.2.3', '203.0.113.9'), trustOf('10.0.0.0/8'))).toBe('203.0.113.9')
})

test('a connection that is gone has no address', () => {
  expect(clientAddress(from(undefined, '203.0.113.9'), trustOf('loopback'))).toBeUndefined()
})

test('a setting that is no network is refused by its name', () => {
  expect(() => trustOf('10.0.0.0/8, nonsense')).toThrow(/TRUSTED_PROXIES.*nonsense/)
})

test('the protocol is what a trusted proxy says of it, and else what the door speaks', () => {
  const speaking = (remoteAddress: string, protocol: string) => ({
    socket: { remoteAddress },
    headers: { 'x-forwarded-proto': protocol },
  })
  const trust = trustOf('loopback')
  expect(clientProtocol(speaking('127.0.0.1', 'https'), trust)).toBe('https')
  expect(clientProtocol(speaking('127.0.0.1', 'HTTPS, http'), trust)).toBe('https')
  expect(clientProtocol(speaking('127.0.0.1', 'gopher'), trust)).toBe('http')
  expect(clientProtocol(speaking('192.0.2.1', 'https'), trust)).toBe('http')
  expect(clientProtocol(from('127.0.0.1'), trust)).toBe('http')
})
