import type { Batches } from '#lib/downloads/batches.ts'
import { byteOrderMark, type Cell, csvLines } from '#lib/text/csv.ts'

export type Column<Row> = [title: string, cell: (row: Row) => Cell]

/** A list as a file: what it is called, and how each batch of it becomes text. */
export type CsvList = { name: string; head: string; batches: Batches<string> }

/** @param name of the file, in letters, digits and hyphens; the day comes behind it. */
export function csvList<Row>(name: string, columns: Column<Row>[], rows: Batches<Row>): CsvList {
  return {
    name,
    head: byteOrderMark + csvLines([columns.map(([title]) => title)]),
    batches: async function* (snapshot) {
      for await (const batch of rows(snapshot)) {
        yield [csvLines(batch.map((row) => columns.map(([, cell]) => cell(row))))]
      }
    },
  }
}
