import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRecentMemory } from './recent-memory.ts'

test('what was set or asked for last is known', () => {
  const memory = createRecentMemory<number>(3)
  for (let n = 0; n < 3; n++) memory.set(`key ${n}`, n)
  memory.get('key 0')
  for (let n = 3; n < 5; n++) {
    memory.set(`key ${n}`, n)
    memory.get('key 0')
  }
  expect(['key 0', 'key 3', 'key 4'].map((key) => memory.get(key))).toEqual([0, 3, 4])
})

test('never more than twice its capacity is known, whatever comes', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8 }),
      fc.array(fc.tuple(fc.boolean(), fc.nat(60))),
      (capacity, uses) => {
        const memory = createRecentMemory<number>(capacity)
        for (const [isSet, key] of uses) isSet ? memory.set(`${key}`, key) : memory.get(`${key}`)
        const keys = Array.from({ length: 61 }, (_, key) => `${key}`)
        // Asking moves what it finds; a copy of the question cannot find more than there is room for.
        const known = keys.filter((key) => memory.get(key) !== undefined)
        expect(known.length).toBeLessThanOrEqual(2 * capacity)
      },
    ),
  )
})

test('a key that comes in between many others again and again stays', () => {
  const memory = createRecentMemory<string>(10)
  memory.set('ours', 'here')
  for (let n = 0; n < 1_000; n++) {
    memory.set(`other ${n}`, 'other')
    if (n % 5 === 0) expect(memory.get('ours')).toBe('here')
  }
})
