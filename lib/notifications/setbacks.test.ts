import { expect, test } from 'vitest'
import { createSetbacks } from './setbacks.ts'

test('a deed waits 5 s, then twice as long each time, and ten minutes at most', () => {
  const setbacks = createSetbacks({ nowMs: () => 0 })
  const waits = Array.from({ length: 9 }, () => setbacks.note('deed').retryInMs / 1_000)
  expect(waits).toEqual([5, 10, 20, 40, 80, 160, 320, 600, 600])
})

test('it is left out until its time has come, and begins anew once dispatched', () => {
  let nowMs = 0
  const setbacks = createSetbacks({ nowMs: () => nowMs })
  setbacks.note('deed')
  nowMs = 4_999
  expect(setbacks.waiting()).toEqual(['deed'])
  nowMs = 5_000
  expect(setbacks.waiting()).toEqual([])
  setbacks.dispatched('deed')
  expect(setbacks.note('deed').failures).toBe(1)
})

test('what another process dispatched meanwhile is forgotten after an hour', () => {
  let nowMs = 0
  const setbacks = createSetbacks({ nowMs: () => nowMs })
  setbacks.note('deed')
  nowMs = 3_605_001
  expect(setbacks.waiting()).toEqual([])
  expect(setbacks.note('deed').failures).toBe(1)
})
