import { stringify } from 'csv-stringify/sync'

export type Cell = string | number | boolean | Date | null

/** Excel reads a file without it as the letters of its own country. */
export const byteOrderMark = '\uFEFF'

/** What nobody sees, at the beginning of a text: behind it a spreadsheet may find a formula. */
const unseenBefore = /^[\p{C}\p{Z}\s]+/u
/**
 * Where a spreadsheet of another country begins a new cell, with quotes and what nobody sees before the sign: a formula in the
 * middle of our text. The sign may be missing, so that each character is looked at once however many separators stand in a row.
 */
const cellWithin = /([;\t\r\n][\p{C}\p{Z}\s;"']*)([=+\-@\uFF1D\uFF0B\uFF0D\uFF20]?)/gu

/**
 * Lines of a CSV file (RFC 4180). A text that a spreadsheet would run gets an apostrophe before it, full-width signs too. Times are
 * ISO 8601 in UTC, with all their digits.
 */
export function csvLines(rows: Cell[][]): string {
  return stringify(rows, {
    escape_formulas: true,
    record_delimiter: '\r\n',
    quote_record_delimiter: true,
    cast: {
      boolean: (value) => (value ? 'yes' : 'no'),
      date: (value) => value.toISOString(),
      string: (value) => value.toWellFormed().replace(unseenBefore, '').replace(cellWithin, disarmed),
    },
  })
}

const disarmed = (_: string, before: string, sign: string) => (sign === '' ? before : `${before}'${sign}`)
