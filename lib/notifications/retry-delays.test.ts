import { expect, test } from 'vitest'
import { createRetryDelays } from './retry-delays.ts'

test('an operation waits 5 s, then twice as long each time, and ten minutes at most', () => {
  const retryDelays = createRetryDelays({ nowMs: () => 0 })
  const waits = Array.from({ length: 9 }, () => retryDelays.note('operation').retryInMs / 1_000)
  expect(waits).toEqual([5, 10, 20, 40, 80, 160, 320, 600, 600])
})

test('it is left out until its time has come, and begins anew once dispatched', () => {
  let nowMs = 0
  const retryDelays = createRetryDelays({ nowMs: () => nowMs })
  retryDelays.note('operation')
  nowMs = 4_999
  expect(retryDelays.waiting()).toEqual(['operation'])
  nowMs = 5_000
  expect(retryDelays.waiting()).toEqual([])
  retryDelays.dispatched('operation')
  expect(retryDelays.note('operation').failures).toBe(1)
})

test('what another process dispatched meanwhile is forgotten after an hour', () => {
  let nowMs = 0
  const retryDelays = createRetryDelays({ nowMs: () => nowMs })
  retryDelays.note('operation')
  nowMs = 3_605_001
  expect(retryDelays.waiting()).toEqual([])
  expect(retryDelays.note('operation').failures).toBe(1)
})
