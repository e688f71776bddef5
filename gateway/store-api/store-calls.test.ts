import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createStoreCalls } from './store-calls.ts'

test('a store has so many calls at once and no more, whatever other stores do', () => {
  const calls = createStoreCalls({ atOnce: 2 })
  const first = calls.begin('a')
  expect(calls.begin('a')).toBeTypeOf('function')
  expect(calls.begin('a')).toBeUndefined()
  expect(calls.begin('b')).toBeTypeOf('function')
  first?.()
  expect(calls.begin('a')).toBeTypeOf('function')
  expect(calls.underWay()).toBe(3)
})

test('a call that ends twice ends once', () => {
  const calls = createStoreCalls({ atOnce: 2 })
  const first = calls.begin('a')
  calls.begin('a')
  first?.()
  first?.()
  expect(calls.underWay()).toBe(1)
  expect(calls.begin('a')).toBeTypeOf('function')
  expect(calls.begin('a')).toBeUndefined()
})

test('whatever the order of beginnings, ends and calls given up: what began and has not ended is under way', () => {
  const step = fc.record({
    store: fc.constantFrom('a', 'b', '__proto__', 'constructor'),
    action: fc.constantFrom('begin', 'end', 'end again'),
    which: fc.nat(20),
  })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 80 }), (atOnce, steps) => {
      const calls = createStoreCalls({ atOnce })
      const open: { store: string; end: () => void }[] = []
      const over: (() => void)[] = []
      const of = (store: string) => open.filter((call) => call.store === store).length
      for (const { store, action, which } of steps) {
        if (action === 'begin') {
          const end = calls.begin(store)
          expect(end !== undefined).toBe(of(store) < atOnce)
          if (end) open.push({ store, end })
        } else if (action === 'end') {
          const [call] = open.splice(which % (open.length || 1), 1)
          call?.end()
          if (call) over.push(call.end)
        } else over[which % (over.length || 1)]?.()
        expect(calls.underWay()).toBe(open.length)
      }
      for (const { end } of open) end()
      expect(calls.underWay()).toBe(0)
      for (const store of ['a', 'b', '__proto__', 'constructor']) {
        for (let n = 0; n < atOnce; n++) expect(calls.begin(store)).toBeTypeOf('function')
        expect(calls.begin(store)).toBeUndefined()
      }
    }),
  )
})
