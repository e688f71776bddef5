import { expect, test } from 'vitest'
import type { LookedUpToken } from '#db/queries/verification/look-up-tokens.ts'
import { createLeasedMemory } from './leased-memory.ts'

const now = new Date('2026-06-01T00:00:00Z')

function tokenOf(tokenId: string, more: Partial<LookedUpToken> = {}): LookedUpToken {
  return {
    ...{
      tokenId,
      storeId: 'harbor-lights',
      partnerId: 'ypa-005259400001',
      apis: ['order'],
      package: 'standard',
    },
    createdAt: new Date('2026-01-01T00:00:00Z'),
    expiresAt: new Date('2027-01-01T00:00:00Z'),
    ...{ revoked: false, expired: false, pausedUntil: null },
    ...more,
  }
}

function openMemory({ capacity = 10 } = {}) {
  const lease = { held: true }
  const memory = createLeasedMemory(
    {
      lengthMs: 1_000,
      isHeld: () => lease.held,
      now: () => ({ steady: 0, awake: 0, wall: 0 }),
      renew() {},
      end() {},
    },
    { capacity },
  )
  memory.hear(now)
  memory.begin()
  const learn = (name: string, more: Partial<LookedUpToken> = {}) =>
    memory.keep(`hash ${name}`, tokenOf(name, more), memory.age())
  const knows = (name: string) => memory.get(`hash ${name}`) !== undefined
  return { memory, lease, learn, knows }
}

test('what was looked up is known while the lease is held, and only then', () => {
  const { lease, learn, knows } = openMemory()
  learn('one')
  expect([knows('one'), knows('two')]).toEqual([true, false])
  lease.held = false
  expect(knows('one')).toBe(false)
})

test('a change takes what it names, and one that names nothing takes all', () => {
  const { memory, learn, knows } = openMemory()
  for (const name of ['one', 'two', 'three']) learn(name)
  memory.forget([['two'], ['nobody']])
  expect([knows('one'), knows('two'), knows('three')]).toEqual([true, false, true])
  memory.forget([['one'], null])
  expect(memory.size()).toBe(0)
})

test.each([
  [
    'a change that was heard meanwhile',
    (memory: ReturnType<typeof openMemory>['memory']) => memory.forget([['other']]),
  ],
  ['a stop', (memory: ReturnType<typeof openMemory>['memory']) => memory.stop()],
  [
    'a new beginning',
    (memory: ReturnType<typeof openMemory>['memory']) => {
      memory.stop()
      memory.begin()
    },
  ],
])('what was looked up before %s is not kept', (_what, happen) => {
  const { memory, knows } = openMemory()
  const age = memory.age()
  happen(memory)
  memory.keep('hash one', tokenOf('one'), age)
  expect(knows('one')).toBe(false)
})

test('nothing is kept before it begins, and a stop forgets all', () => {
  const { memory, learn, knows } = openMemory()
  learn('one')
  memory.stop()
  learn('two')
  memory.begin()
  expect([knows('one'), knows('two'), memory.size()]).toEqual([false, false, 0])
})

test('a renewal without a change keeps what a look-up under way brings', () => {
  const { memory, knows } = openMemory()
  const age = memory.age()
  memory.forget([])
  memory.begin()
  memory.keep('hash one', tokenOf('one'), age)
  expect(knows('one')).toBe(true)
})

test('a token that ends within three lengths of a lease is left to the database', () => {
  const { memory, learn, knows } = openMemory()
  learn('soon', { expiresAt: new Date(now.getTime() + 3_000) })
  learn('later', { expiresAt: new Date(now.getTime() + 3_001) })
  expect([knows('soon'), knows('later')]).toEqual([false, true])
  // The database's clock was set forward.
  memory.hear(new Date('2027-06-01T00:00:00Z'))
  expect(knows('later')).toBe(false)
})

test('no more is kept than there is room for: the oldest goes', () => {
  const { memory, learn, knows } = openMemory({ capacity: 2 })
  for (const name of ['one', 'two', 'three']) learn(name)
  expect([knows('one'), knows('two'), knows('three'), memory.size()]).toEqual([false, true, true, 2])
  memory.forget([['one'], ['two']])
  expect(memory.size()).toBe(1)
})
