import { expect, test } from 'vitest'
import { clientAddress, clientProtocol, logUnreadable, trustOf } from './client-address.ts'

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

test('one client is one address, however its proxy writes it', () => {
  for (const claimed of ['2001:DB8::7', '2001:0db8:0:0:0:0:0:7', '[2001:db8::7]:1', '2001:db8::0.0.0.7'])
    expect(clientAddress(from('10.0.0.2', claimed), trustOf('10.0.0.2')), claimed).toBe('2001:db8::7')
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

test('the longest writing of an address has 45 characters', () => {
  const full = '0000:0000:0000:0000:0000:fffe:255.255.255.255'
  expect(full).toHaveLength(45)
  expect(clientAddress(from('127.0.0.1', full), trustOf('loopback'))).toBe('::fffe:ffff:ffff')
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

test('the protocol is what a trusted proxy says of it, and else what the gateway speaks', () => {
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

const v6 = '2001:db8::7'

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['203.0.113.7:50812', '203.0.113.7'],
  ['"203.0.113.7:50812"', '203.0.113.7'],
  [' 203.0.113.7 ', '203.0.113.7'],
  ['[2001:db8::7]:50812', v6],
  ['[2001:db8::7]', v6],
  ['"[2001:db8::7]:50812"', v6],
  ['2001:db8::7', v6],
  ['[fe80::1%eth0]:80', 'fe80::1'],
  ['[::ffff:203.0.113.7]:50812', '203.0.113.7'],
  // So that it counts as one caller, and not as one network with all others that are written so.
  ['::ffff:cb00:7107', '203.0.113.7'],
  ['0:0:0:0:0:FFFF:cb00:7107', '203.0.113.7'],
  ['::ffff:0:cb00:7107', '::ffff:0:cb00:7107'],
  ['198.51.100.1:1, 203.0.113.7:50812', '203.0.113.7'],
  ['203.0.113.7:50812, 10.0.0.5:443', '203.0.113.7'],
  ['203.0.113.7:50812, [fd00::5]:443', '203.0.113.7'],
  ['203.0.113.7,', '203.0.113.7'],
])('of a believed proxy that writes %s the client is %s', (written, client) => {
  const unreadable: string[] = []
  const trust = trustOf('loopback, 10.0.0.0/8, uniquelocal')
  expect(clientAddress(from('127.0.0.1', written), trust, (proxy) => unreadable.push(proxy))).toBe(client)
  expect(unreadable).toEqual([])
})

test.each([
  ['for=203.0.113.7', '203.0.113.7'],
  ['For="203.0.113.7:50812"', '203.0.113.7'],
  ['for="[2001:db8::7]:50812";proto=https;by=10.0.0.1', v6],
  ['proto=https; for="[2001:DB8::7]:_x"', '2001:db8::7'],
  ['for=198.51.100.1, for=203.0.113.7, for=10.0.0.5', '203.0.113.7'],
  // What a caller wrote before it, with a quotation mark left open.
  ['for="198.51.100.1, for=203.0.113.7', '203.0.113.7'],
  ['for="a, for="[2001:db8::7]:1"', v6],
  ['for="a\\", for="[2001:db8::7]:1"', v6],
  // What a caller wrote into another parameter.
  ['host="x;for=198.51.100.1";for=203.0.113.7', '203.0.113.7'],
  ['host="\\";for=198.51.100.1";for=203.0.113.7', '203.0.113.7'],
  ['for=203.0.113.7;host=",for=198.51.100.1"', '203.0.113.7'],
  // The proxy’s own: it says twice whom the call is from.
  ['for=198.51.100.1;for=203.0.113.7', '127.0.0.1'],
])('so is it of one that writes Forwarded: %s', (forwarded, client) => {
  const request = { socket: { remoteAddress: '127.0.0.1' }, headers: { forwarded } }
  expect(clientAddress(request, trustOf('loopback, 10.0.0.0/8'))).toBe(client)
})

/** Longer than a gateway takes: steps that grow with the square of it would last longer than a test may. */
const muchLonger = 100_000

test.each([',', 'a,"', ' ', '\\', '"a";', 'for= '])(
  'a header of nothing but %j keeps nobody waiting, and names nobody',
  (part) => {
    const long = part.repeat(muchLonger / part.length)
    for (const headers of [{ forwarded: long }, { 'x-forwarded-for': long }]) {
      const request = { socket: { remoteAddress: '127.0.0.1' }, headers }
      expect(clientAddress(request, trustOf('loopback'))).toBe('127.0.0.1')
    }
  },
)

test('where a proxy writes X-Forwarded-For, Forwarded may be the caller’s own and is not read', () => {
  const headers = { 'x-forwarded-for': '203.0.113.7', forwarded: 'for=198.51.100.1' }
  expect(clientAddress({ socket: { remoteAddress: '127.0.0.1' }, headers }, trustOf('loopback'))).toBe(
    '203.0.113.7',
  )
})

test.each(['unknown', '_hidden', '"_SEVKISEK"', '203.0.113.7:port', '[203.0.113.7', '203.0.113.300', 'x'])(
  'what is no address is reported, and the address is that of the proxy: %s',
  (written) => {
    const unreadable: string[] = []
    const read = (text: string) =>
      clientAddress(from('127.0.0.1', text), trustOf('loopback, 10.0.0.5'), (proxy) => unreadable.push(proxy))
    expect(read(written)).toBe('127.0.0.1')
    expect(read(`198.51.100.1, ${written}`)).toBe('127.0.0.1')
    expect(read(`${written}, 10.0.0.5`)).toBe('10.0.0.5')
    expect(read(`${written}, 203.0.113.7`)).toBe('203.0.113.7')
    expect(unreadable).toEqual(['127.0.0.1', '127.0.0.1', '10.0.0.5'])
  },
)

test('of each such proxy one line is logged, without what it wrote', () => {
  const lines: unknown[] = []
  const onUnreadable = logUnreadable({ warn: (...line: unknown[]) => lines.push(line) } as never)
  for (let n = 0; n < 3; n++) onUnreadable('127.0.0.1')
  onUnreadable('10.0.0.5')
  expect(lines).toHaveLength(2)
  expect(lines[0]).toEqual([{ proxy: '127.0.0.1' }, expect.stringContaining('TRUSTED_PROXIES')])
})
