import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { tableIn, variablesTable } from './variables-table.ts'

test('docs/operating.md has the table of variables as lib/process/env.ts says it: node tools/variables-table.ts writes it', () => {
  expect(tableIn(readFileSync('docs/operating.md', 'utf8'))).toBe(variablesTable())
})

test('each variable has one who reads it, a meaning, and what holds where it is not set', () => {
  const rows = variablesTable().split('\n')
  expect(rows.length).toBeGreaterThan(30)
  for (const row of rows)
    expect(
      row
        .slice(2, -2)
        .split(' | ')
        .map((cell) => cell.trim()),
    ).not.toContain('')
})
