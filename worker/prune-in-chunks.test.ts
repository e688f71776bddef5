import { expect, test } from 'vitest'
import { pruneInChunks } from './prune-in-chunks.ts'

/** A step that has `rows` rows left, of which it takes ten at a time. */
function stepOf(rows: number) {
  let left = rows
  return async () => {
    const taken = Math.min(left, 10)
    left -= taken
    return taken
  }
}

test('each step runs until it finds no full chunk', async () => {
  expect(await pruneInChunks([stepOf(25), stepOf(0), stepOf(10)], { chunkRows: 10 })).toBe(35)
})

test('what is left after the last chunk allowed is for the next run', async () => {
  expect(await pruneInChunks([stepOf(100), stepOf(5)], { chunkRows: 10, maxChunks: 3 })).toBe(35)
})

test('a run ends where a stop is asked for', async () => {
  expect(await pruneInChunks([stepOf(5)], { chunkRows: 10, signal: AbortSignal.abort() })).toBe(0)
})
