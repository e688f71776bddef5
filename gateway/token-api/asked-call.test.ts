import { describe, expect, test } from 'vitest'
import { readAskedCall } from './asked-call.ts'

const gateway = '127.0.0.1:3001'
const ask = (target: string, host: string | undefined = gateway, rawHeaders = ['Host', host]) =>
  readAskedCall({
    target,
    path: target.split('?')[0] ?? '',
    rawHeaders,
    httpVersion: '1.1',
    host: () => host,
  })

/** Which of these the call is of; `undefined` where it is not known of which. */
function storesOf(asked: ReturnType<typeof ask>) {
  const all = ['harbor-lights', 'Harbor-Lights', 'other']
  return asked.ok ? { api: asked.value.api, of: all.filter(asked.value.isOfStore) } : undefined
}

test.each([
  ['/authorize?store=harbor-lights&api=order', gateway, 'order', ['harbor-lights']],
  ['/authorize?api=catalog&store=Harbor-Lights&x=1', gateway, 'catalog', ['Harbor-Lights']],
  ['/authorize', 'harbor-lights.payment.store.example', 'payment', ['harbor-lights', 'Harbor-Lights']],
  ['/authorize/', 'HARBOR-LIGHTS.order.store.example:8443', 'order', ['harbor-lights', 'Harbor-Lights']],
  ['/authorize/V1/order?x=1', 'other.order.store.example', 'order', ['other']],
  ['/authorize?store=harbor-lights', 'harbor-lights.order.x', 'order', ['harbor-lights']],
  ['/authorize?store=Harbor-Lights&api=order', 'harbor-lights.order.x', 'order', ['Harbor-Lights']],
  ['/authorize?api=order', 'other.order.x', 'order', ['other']],
])('%s at %s asks for %s of %j', (target, host, api, of) => {
  expect(storesOf(ask(target, host))).toEqual({ api, of })
})

describe('a call whose store or API is not known for certain is not answered', () => {
  test.each([
    ['/authorize', gateway],
    ['/authorize', 'harbor-lights.shipping.store.example'],
    ['/authorize?store=harbor-lights', gateway],
    ['/authorize?api=order', gateway],
    ['/authorize?store=&api=order', gateway],
    ['/authorize?store=&api=', 'harbor-lights.order.x'],
    ['/authorize?store=harbor_lights&api=order', gateway],
    ['/authorize?store=harbor-lights&api=Order', gateway],
    ['/authorize?store=harbor-lights&api=shipping', 'harbor-lights.order.x'],
    ['/authorize?Store=harbor-lights&API=order', gateway],
  ])('%s at %s: not said', (target, host) => {
    expect(ask(target, host)).toEqual({ ok: false, refusal: 'not-said' })
  })

  test.each([
    ['/authorize?store=a&store=a&api=order', gateway],
    ['/authorize?store=a&api=order&api=catalog', gateway],
    ['/authorize?store=a&api=order&%73tore=b', gateway],
    ['/authorize?store=other&api=order', 'harbor-lights.order.x'],
    ['/authorize', 'harbor-lights.order.x, other.order.x'],
    ['/authorize?store=harbor-lights&api=order', 'harbor-lights.order.x, harbor-lights.order.x'],
    ['/authorize?store=other', 'harbor-lights.order.x'],
    ['/authorize?store=harbor-lights&api=catalog', 'harbor-lights.order.x'],
  ])('%s at %s: said twice', (target, host) => {
    expect(ask(target, host)).toEqual({ ok: false, refusal: 'ambiguous' })
  })

  test('two Host headers: said twice', () => {
    const host = 'harbor-lights.order.x'
    expect(ask('/authorize', host, ['Host', host, 'host', 'other.order.x'])).toEqual({
      ok: false,
      refusal: 'ambiguous',
    })
  })
})

test('a caller’s own address, which Envoy appends, chooses neither store nor API', () => {
  for (const path of ['/authorize/', '/authorize/V1/order', '/authorize/authorize']) {
    const query = '?store=harbor-lights&api=catalog'
    expect(ask(path + query)).toEqual({ ok: false, refusal: 'not-said' })
    expect(storesOf(ask(path + query, 'other.order.x'))).toEqual({ api: 'order', of: ['other'] })
  }
  const within = '/authorize?store=harbor-lights&api=order&path='
  expect(storesOf(ask(`${within}/V1/order?x=1`))).toEqual({ api: 'order', of: ['harbor-lights'] })
  expect(ask(`${within}/V1/order?x=1&store=other`)).toEqual({ ok: false, refusal: 'ambiguous' })
})
