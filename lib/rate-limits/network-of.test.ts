import { expect, test } from 'vitest'
import { networkOf, widerNetworkOf } from './network-of.ts'

test.each([
  ['192.0.2.7', '192.0.2.7', '192.0.2.0/24'],
  ['2001:db8:9:8::1', '2001:db8:9:8::/64', '2001:db8:9::/48'],
  ['2001:0DB8:9:8:1:2:3:4', '2001:db8:9:8::/64', '2001:db8:9::/48'],
  ['2001:db8::1%eth0', '2001:db8:0:0::/64', '2001:db8:0::/48'],
  ['::1', '0:0:0:0::/64', '0:0:0::/48'],
  [null, 'unknown', 'unknown'],
])('%s counts as %s, and within %s', (address, network, wider) => {
  expect([networkOf(address), widerNetworkOf(address)]).toEqual([network, wider])
})
