import { globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { is } from 'drizzle-orm'
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core'
import { expect, test } from 'vitest'
import type { Queryable } from '../../client.ts'
import { findMissingColumns } from './schema-state.ts'

const folder = fileURLToPath(new URL('../../schema/', import.meta.url))

test('every table of every file of db/schema is looked for', async () => {
  const empty = { execute: async () => ({ rows: [] }) } as unknown as Queryable
  const missing = await findMissingColumns(empty)
  for (const file of globSync('*.ts', { cwd: folder })) {
    const found = Object.values(await import(`${folder}${file}`)).filter((value) => is(value, PgTable))
    if (file !== 'columns.ts') expect(found, file).not.toEqual([])
    for (const table of found.map(getTableConfig)) {
      const columns = table.columns.map((column) => `${table.name}.${column.name}`)
      expect(missing).toEqual(expect.arrayContaining(columns))
    }
  }
})
