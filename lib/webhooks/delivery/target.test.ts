import { expect, test } from 'vitest'
import { readNetworks } from '../../http/networks.ts'
import { checkTarget, readTarget } from './target.ts'

const resolve = async (host: string) => {
  const known: Record<string, string[]> = {
    'hooks.example.com': ['93.184.215.14'],
    'inside.example.com': ['10.0.0.1'],
    'half.example.com': ['93.184.215.14', '127.0.0.1'],
    'mine.example.com': ['127.0.0.1'],
  }
  const addresses = known[host] ?? (/^[0-9.]+$|:/.test(host) ? [host] : [])
  return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
}
const check = async (url: string, networks = '') => {
  const result = await checkTarget(url, { networks: readNetworks(networks), resolve })
  return result.ok ? 'allowed' : result.refusal
}

test.each([
  ['https://hooks.example.com/in', 'allowed'],
  ['https://hooks.example.com:8443/in?shop=1', 'allowed'],
  ['https://hooks.example.com:22/', 'port'],
  ['http://hooks.example.com/', 'not-encrypted'],
  ['https://user:password@hooks.example.com/', 'credentials'],
  ['ftp://hooks.example.com/', 'not-a-url'],
  ['file:///etc/passwd', 'not-a-url'],
  ['hooks.example.com', 'not-a-url'],
  ['', 'not-a-url'],
  ['https://unknown.example.com/', 'unresolved'],
  ['https://inside.example.com/', 'private'],
  ['https://half.example.com/', 'private'],
  ['http://169.254.169.254/latest/meta-data', 'private'],
  ['http://10.0.0.1/', 'private'],
  ['https://127.0.0.1/', 'private'],
  ['https://2130706433/', 'private'],
  ['https://0x7f.1/', 'private'],
  ['https://0177.0.0.1/', 'private'],
  ['https://[::1]/', 'private'],
  ['https://[::ffff:127.0.0.1]/', 'private'],
  ['https://168.63.129.16/', 'private'],
  ['https://2822734096/', 'private'],
  ['https://[64:ff9b::7f00:1]/', 'private'],
])('%s: %s', async (url, expected) => expect(await check(url)).toBe(expected))

test.each([
  ['http://127.0.0.1:4000/', 'allowed'],
  ['http://mine.example.com:81/', 'allowed'],
  ['http://[::ffff:127.0.0.1]/', 'allowed'],
  ['http://10.0.0.1/', 'private'],
  ['http://user@127.0.0.1/', 'credentials'],
])('with 127.0.0.0/8 as a network of ours, %s: %s', async (url, expected) => {
  expect(await check(url, '127.0.0.0/8')).toBe(expected)
})

test('no spelling makes the reader throw', () => {
  const parts = [
    'http',
    's',
    '://',
    '[',
    ']',
    '::1',
    '@',
    ':',
    '/',
    '%',
    '..',
    '0x7f',
    '\0',
    'é',
    '#',
    '?',
    ' ',
  ]
  for (let n = 0; n < 20_000; n++) {
    const text = Array.from({ length: n % 9 }, (_, at) => parts[(n * 31 + at * (n % 97)) % parts.length])
    const read = readTarget(text.join(''))
    if (read.ok) expect(read.value.protocol).toMatch(/^https?:$/)
  }
})
