import fc from 'fast-check'
import { expect, test } from 'vitest'
import { endToEndHeaders } from './end-to-end-headers.ts'

const nothingOfOurs = () => false

test('what is meant for the other end stays as it is: order, letter case, repetition', () => {
  const headers = ['Accept', '*/*', 'X-A', '1', 'x-a', '2', 'SOAPAction', '""']
  expect(endToEndHeaders(headers, nothingOfOurs)).toEqual(headers)
})

test.each([
  'Connection',
  'keep-alive',
  'Proxy-Authenticate',
  'Proxy-Authorization',
  'PROXY-CONNECTION',
  'te',
  'Trailer',
  'Transfer-Encoding',
  'Transfer_Encoding',
  'Upgrade',
])('%s goes no further', (name) => {
  expect(endToEndHeaders([name, 'x', 'Accept', '*/*'], nothingOfOurs)).toEqual(['Accept', '*/*'])
})

test('what Connection names goes no further, in any letter case, in any of several', () => {
  const headers = [
    'X-One',
    '1',
    'x-two',
    '2',
    'Connection',
    'close, x-ONE',
    'connection',
    ' X-Two ,',
    'X-Three',
    '3',
  ]
  expect(endToEndHeaders(headers, nothingOfOurs)).toEqual(['X-Three', '3'])
})

test.each(['X_STORE-id', 'X.Store.Id', "x!store'id", 'X~Store|Id'])(
  'what is ours is asked for in lower case, with a hyphen for every sign: %s',
  (name) => {
    const isOurs = (known: string) => known === 'x-store-id'
    expect(endToEndHeaders([name, 'a', 'X-Other', 'b'], isOurs)).toEqual(['X-Other', 'b'])
  },
)

test('nothing is ever added, and pairs stay pairs', () => {
  const name = fc.constantFrom('Connection', 'connection', 'TE', 'x-a', 'X-B', 'x_b', 'Accept')
  const value = fc.constantFrom('x-a', 'X-B, close', 'accept', '', 'chunked')
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value)), (pairs) => {
      const kept = endToEndHeaders(pairs.flat(), nothingOfOurs)
      const left = pairs.map((pair) => pair.join(':'))
      for (let n = 0; n < kept.length; n += 2) {
        const at = left.indexOf(`${kept[n]}:${kept[n + 1]}`)
        expect(at).toBeGreaterThanOrEqual(0)
        left.splice(0, at + 1)
      }
    }),
  )
})
