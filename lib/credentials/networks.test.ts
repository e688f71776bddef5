import { expect, test } from 'vitest'
import { readNetwork } from './networks.ts'

test.each([
  ['203.0.113.7', '203.0.113.7/32'],
  ['203.0.113.0/24', '203.0.113.0/24'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['2001:DB8::1', '2001:db8::1/128'],
  ['2001:db8::/32', '2001:db8::/32'],
  ['::ffff:192.0.2.1', '192.0.2.1/32'],
  ['::ffff:192.0.2.0/120', '192.0.2.0/24'],
])('%s is kept as %s', (typed, kept) => {
  expect(readNetwork(typed)).toEqual({ ok: true, value: kept })
})

test.each([
  ...['', 'example.com', '203.0.113', '010.0.0.1', '1.2.3.4.5', '203.0.113.0/33', '203.0.113.0/-1'],
  ...['203.0.113.0/024', '203.0.113.0/24/8', '203.0.113.0/', '::/129', 'fe80::1%eth0', '::ffff:192.0.2.0/64'],
])('%j is no address and no network', (typed) => {
  expect(readNetwork(typed)).toEqual({ ok: false, refusal: { kind: 'no-network' } })
})

test.each([
  ['203.0.113.7/24', '203.0.113.0/24'],
  ['2001:db8::1/32', '2001:db8::/32'],
])('%s may mean two things', (typed, meant) => {
  expect(readNetwork(typed)).toEqual({ ok: false, refusal: { kind: 'has-host-bits', meant } })
})
