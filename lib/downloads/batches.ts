import type { Queryable } from '#db/client.ts'
import { rowsAtOnce } from './limits.ts'

/**
 * All rows of a list, in its order, a bounded number at once. They are read in one snapshot of the database
 * (docs/decisions/018-lists-as-files.md).
 */
export type Batches<Row> = (snapshot: Queryable) => AsyncGenerator<Row[]>

/** Of a list that an index has in its order: each batch begins behind the last row of the one before. */
export function byKey<Row, Key>(
  read: (snapshot: Queryable, page: { after: Key | undefined; limit: number }) => Promise<Row[]>,
  keyOf: (row: Row) => Key,
): Batches<Row> {
  return async function* (snapshot) {
    let after: Key | undefined
    for (;;) {
      const rows = await read(snapshot, { after, limit: rowsAtOnce })
      const last = rows.at(-1)
      if (last === undefined) return
      yield rows
      if (rows.length < rowsAtOnce) return
      after = keyOf(last)
    }
  }
}

/** Of a list so short that it is read whole; {@link ListTooLong} where it is not. */
export function atOnce<Row>(read: (snapshot: Queryable, limit: number) => Promise<Row[]>): Batches<Row> {
  return async function* (snapshot) {
    const rows = await read(snapshot, longestShortList + 1)
    if (rows.length > longestShortList) throw new ListTooLong()
    if (rows.length > 0) yield rows
  }
}

export const longestShortList = 10_000

/** Rather than a file that lacks its last rows and does not say so. */
export class ListTooLong extends Error {
  override name = 'ListTooLong'
  constructor() {
    super(`a list that is read at once has more than ${longestShortList} rows`)
  }
}
