import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { firstOfEach, keySchema, type Place, readPage, readPlace, writeCursor } from './paging.ts'

const rowsOf = (count: number) => Array.from({ length: count }, (_, n) => ({ id: n }))
const counts = fc.integer({ min: 0, max: 40 })
const sizes = fc.integer({ min: 1, max: 12 })

/** A list of rows 0, 1, 2 …, read as a query reads it. */
function listOf(count: number, size: number) {
  return (place?: Place<number>) =>
    readPage({ size, way: place?.way }, async (limit) => {
      const rows = rowsOf(count)
      if (!place) return rows.slice(0, limit)
      return place.way === 'after'
        ? rows.filter(({ id }) => id > place.keys).slice(0, limit)
        : rows
            .filter(({ id }) => id < place.keys)
            .reverse()
            .slice(0, limit)
    })
}

test('who walks through the pages to the end, and back, sees each row once each way, in order', async () => {
  await fc.assert(
    fc.asyncProperty(counts, sizes, async (count, size) => {
      const read = listOf(count, size)
      const there: number[] = []
      let page = await read()
      expect(page.previous).toBeNull()
      for (;;) {
        expect(page.rows.length).toBeLessThanOrEqual(size)
        there.push(...page.rows.map(({ id }) => id))
        if (!page.next) break
        page = await read({ way: 'after', keys: page.next.id })
      }
      expect(there).toEqual(rowsOf(count).map(({ id }) => id))
      const back = page.rows.map(({ id }) => id)
      while (page.previous) {
        page = await read({ way: 'before', keys: page.previous.id })
        expect(page.next).not.toBeNull()
        back.unshift(...page.rows.map(({ id }) => id))
      }
      expect(back).toEqual(there)
    }),
  )
})

const keys = z.tuple([z.iso.datetime(), keySchema.optional()])

test('a cursor leads back to its keys, and stands in an address as it is', () => {
  const at = new Date('2026-11-23T12:00:00.123Z')
  const after = writeCursor([at, 'Стройсклад'])
  expect(encodeURIComponent(after)).toBe(after)
  expect(readPlace({ after }, keys)).toEqual({ way: 'after', keys: [at.toISOString(), 'Стройсклад'] })
  const before = writeCursor([at, undefined])
  expect(readPlace({ before }, keys)).toEqual({ way: 'before', keys: [at.toISOString()] })
})

test.each(['', 'x', 'bnVsbA', writeCursor(['yesterday']), writeCursor([new Date(), '\0']), '\0'])(
  'a cursor that nobody wrote is none: %j',
  (after) => {
    expect(readPlace({ after }, keys)).toBeUndefined()
  },
)

test('of a parameter that stands in an address twice the first one counts', () => {
  expect(firstOfEach({ a: ['1', '2'], b: '3', c: [] })).toEqual({ a: '1', b: '3', c: undefined })
})
