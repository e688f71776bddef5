import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLease, type Moment } from './lease.ts'

const hourMs = 3_600_000

function leaseOn(moment: Moment, lengthMs = 1_000) {
  const clocks = { steady: () => moment.steady, awake: () => moment.awake, wall: () => moment.wall }
  const lease = createLease(lengthMs, clocks)
  const pass = (ms: number) => {
    for (const clock of ['steady', 'awake', 'wall'] as const) moment[clock] += ms
  }
  return { lease, pass }
}

const start = (): Moment => ({ steady: 50, awake: 7_000, wall: 1_800_000_000_000 })

test('a lease is held from its renewal until nine tenths after it was asked for', () => {
  const { lease, pass } = leaseOn(start())
  expect(lease.isHeld()).toBe(false)
  const asked = lease.now()
  pass(600)
  lease.renew(asked)
  expect(lease.isHeld()).toBe(true)
  pass(299)
  expect(lease.isHeld()).toBe(true)
  pass(1)
  expect(lease.isHeld()).toBe(false)
})

test('a lease that is given back is held no more', () => {
  const { lease } = leaseOn(start())
  lease.renew(lease.now())
  lease.end()
  expect(lease.isHeld()).toBe(false)
})

test.each([
  ['set forward by an hour', hourMs],
  ['set back by an hour', -hourMs],
])('where the wall clock is %s it ends, and the next is as long as any', (_how, step) => {
  const moment = start()
  const { lease, pass } = leaseOn(moment)
  lease.renew(lease.now())
  moment.wall += step
  expect(lease.isHeld()).toBe(false)
  lease.renew(lease.now())
  pass(899)
  expect(lease.isHeld()).toBe(true)
  pass(1)
  expect(lease.isHeld()).toBe(false)
})

test('a machine that slept holds nothing, though its wall clock says that no time has passed', () => {
  const moment = start()
  const { lease, pass } = leaseOn(moment)
  lease.renew(lease.now())
  pass(10)
  expect(lease.isHeld()).toBe(true)
  moment.awake += hourMs
  pass(10)
  expect(lease.isHeld()).toBe(false)
})

test('whatever the clocks do, it is not held for longer than nine tenths of it by the clock that nobody sets', () => {
  const step = fc.record({ ms: fc.nat(400), wall: fc.integer({ min: -500, max: 500 }), renews: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const moment = start()
      const { lease, pass } = leaseOn(moment)
      let askedAt = Number.NEGATIVE_INFINITY
      for (const { ms, wall, renews } of steps) {
        if (renews) {
          askedAt = moment.steady
          lease.renew(lease.now())
        }
        pass(ms)
        moment.wall += wall
        if (lease.isHeld()) expect(moment.steady - askedAt).toBeLessThan(900)
      }
    }),
  )
})
