import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { envSchema, readEnv } from '#lib/process/env.ts'
import { checkoutFolder } from './checkout.ts'
import { reachOf, readImports, readSources } from './imports/imports.ts'
import { requiredOf, tableIn, variablesTable } from './variables-table.ts'

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

/** Without comments and texts: what is left of a name there is a reading of it. */
const codeOf = (file: string) =>
  readFileSync(join(checkoutFolder, file), 'utf8').replace(
    /\/\*[\s\S]*?\*\/|(?<!:)\/\/.*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g,
    '',
  )

test('each variable is read by the processes that the table names, and by no other', () => {
  const { files } = readSources(checkoutFolder)
  const imports = readImports(checkoutFolder, files)
  const ofWeb = files.filter((file) => file.startsWith('app/') && !/\.test\.tsx?$|\/test-/.test(file))
  const starts = {
    web: [...ofWeb, 'proxy.ts', 'next.config.js'],
    gateway: ['gateway/main.ts'],
    worker: ['worker/main.ts'],
  }
  const codes = Object.entries(starts).map(([process, from]) => {
    const reached = [...reachOf(imports, from)].filter((file) => file !== 'lib/process/env.ts')
    return { process, code: reached.map(codeOf).join('\n') }
  })
  const readersOf = (name: string) => {
    const readers = codes.filter(({ code }) => new RegExp(`\\b${name}\\b`).test(code))
    return readers.length === codes.length ? 'all' : readers.map(({ process }) => process).join(', ')
  }
  const variables = Object.entries(envSchema.shape)
  expect(variables.map(([name, variable]) => [name, variable.meta()?.readers])).toEqual(
    variables.map(([name]) => [name, readersOf(name)]),
  )
})

test('what the table requires of every process, no process starts without', () => {
  expect(requiredOf('gateway')).toEqual(['DATABASE_URL'])
  expect(() => readEnv({})).toThrow(/:\n {2}DATABASE_URL: [^\n]*$/)
})
