import { expect, test } from 'vitest'
import type { Queryable } from '#db/client.ts'
import { atOnce, ListTooLong, longestShortList } from './batches.ts'

const snapshot = {} as Queryable
/** A table of so many rows, as a query with a limit reads it. */
const listOf = (count: number) =>
  atOnce(async (_, limit) => Array.from({ length: Math.min(count, limit) }, (_, n) => n))

test('a short list is read whole, up to the longest that there may be', async () => {
  expect(await listOf(longestShortList)(snapshot).next()).toMatchObject({
    value: { length: longestShortList },
  })
  expect(await listOf(0)(snapshot).next()).toEqual({ done: true, value: undefined })
})

test('one row more fails: a file that lacks rows never looks whole', async () => {
  await expect(listOf(longestShortList + 1)(snapshot).next()).rejects.toThrow(ListTooLong)
})
