import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cpuMsOf } from '#tools/test-run/cpu-time.ts'
import { byteOrderMark, type Cell, csvLines } from './csv.ts'

const formulas = ['=', '+', '-', '@', '\uFF1D', '\uFF0B', '\uFF0D', '\uFF20']

test.each([
  ['=HYPERLINK("https://evil.example")', `"'=HYPERLINK(""https://evil.example"")"`],
  ['+1-555', "'+1-555"],
  ['-2+3', "'-2+3"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['＝1+1', "'＝1+1"],
  ['＠x', "'＠x"],
  ['\t=1', "'=1"],
  ['\r=1', "'=1"],
  ['\u200B=1', "'=1"],
  [' =1', "'=1"],
  ['\uFEFF\u202E@x', "'@x"],
  // A spreadsheet of a country with commas in its numbers parts a line here.
  ['Paws; Claws;=1+1', "Paws; Claws;'=1+1"],
  ['one\n=2', `"one\n'=2"`],
  ['x; =1+1;y', "x; '=1+1;y"],
  ['x;"=1+1;y', `"x;""'=1+1;y"`],
  ["x;'@y", "x;''@y"],
  ['x;\u200B\u00A0"＝1', `"x;\u200B\u00A0""'＝1"`],
  ['x\t;\n "+1', `"x\t;\n ""'+1"`],
])('%j is written so that no spreadsheet runs it', (text, written) => {
  expect(csvLines([[text]])).toBe(`${written}\r\n`)
})

test('what is no formula is written as it is', () => {
  const at = new Date('2026-11-30T03:04:05.678Z')
  const row: Cell[] = [
    'Café “Ω”',
    'a, b',
    'say "so"',
    'two\r\nlines',
    -3,
    0,
    true,
    false,
    null,
    at,
    '',
    'a-b=c@d',
  ]
  expect(csvLines([row])).toBe(
    'Café “Ω”,"a, b","say ""so""","two\r\nlines",-3,0,yes,no,,2026-11-30T03:04:05.678Z,,a-b=c@d\r\n',
  )
})

test('rows are lines of their own whatever stands in them, and no cell begins as a formula does', () => {
  const text = fc.string({ unit: fc.constantFrom(...'=+-@"\',;\t\r\n a\uFF1D\u200B'), maxLength: 8 })
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 5 }), (rows) => {
      const read = parse(csvLines(rows))
      expect(read).toHaveLength(rows.length)
      for (const cell of read.flat()) {
        for (const sign of formulas) expect(cell.trimStart().startsWith(sign)).toBe(false)
      }
    }),
  )
})

test('no cell begins as a formula does where a semicolon or a tab parts cells', () => {
  const text = fc.string({ unit: fc.constantFrom(...'=+-@"\',;\t\r\n a\uFF1D\u200B'), maxLength: 8 })
  fc.assert(
    fc.property(text, (cell) => {
      const [, ...cells] = csvLines([['x', cell]]).split(/[;\t\r\n]/)
      for (const begun of cells)
        expect(begun).not.toMatch(/^[\p{C}\p{Z}\s"]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/u)
    }),
  )
})

test('a long text of separators alone is written in no time', () => {
  const row = [`x${'\n;'.repeat(200_000)}`]
  expect(cpuMsOf(() => csvLines([row]))).toBeLessThan(5_000)
})

test('the mark of UTF-8 is one character, before everything', () => {
  expect(Buffer.from(byteOrderMark).toString('hex')).toBe('efbbbf')
})

/** As RFC 4180 says it: a reader that knows nothing of how it was written. */
function parse(csv: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let at = 0
  while (at < csv.length) {
    let cell = ''
    if (csv[at] === '"') {
      for (at += 1; csv[at] !== '"' || csv[at + 1] === '"'; at += 1) {
        if (csv[at] === '"') at += 1
        cell += csv[at]
      }
      at += 1
    } else {
      while (at < csv.length && csv[at] !== ',' && csv[at] !== '\r') cell += csv[at++]
    }
    row.push(cell)
    if (csv[at] === ',') {
      at += 1
      continue
    }
    expect(csv.slice(at, at + 2)).toBe('\r\n')
    at += 2
    rows.push(row)
    row = []
  }
  return rows
}
