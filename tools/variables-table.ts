import { readFileSync, writeFileSync } from 'node:fs'
import { envSchema } from '#lib/process/env.ts'

const document = 'docs/operating.md'
const begin = '<!-- variables: begin -->'
const end = '<!-- variables: end -->'

type Row = { name: string; readers: string; meaning: string; unset: string }

/** Read by db/migrate.ts alone, which takes nothing from lib. */
const ofMigrations: Row = {
  name: 'DATABASE_OWNER_URL',
  readers: '`db:migrate`',
  meaning: 'A login that may create tables and roles, and owns them. Give it to `db:migrate` alone',
  unset: '`DATABASE_URL`',
}

/** Every variable, in the order of the schema, as a table in Markdown without a line break at the end. */
export function variablesTable(): string {
  const [first, ...others] = Object.keys(envSchema.shape).map(rowOf)
  const rows = [first, ofMigrations, ...others].filter((row) => row !== undefined)
  const cells = [
    ['Variable', 'Read by', 'Meaning', 'When it is not set'],
    ...rows.map(({ name, readers, meaning, unset }) => [`\`${name}\``, readers, meaning, unset]),
  ]
  const widths =
    cells[0]?.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0))) ?? []
  const [head, ...body] = cells.map(
    (line) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
  )
  return [head, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body].join('\n')
}

/** The variables without which a process does not start outside the demo, as the table has them. */
export function requiredOf(process: 'web' | 'gateway' | 'worker'): string[] {
  return Object.keys(envSchema.shape)
    .map(rowOf)
    .filter(
      ({ readers, unset }) => /required/.test(unset) && (readers === 'all' || readers.includes(process)),
    )
    .map(({ name }) => name)
}

/** What stands between the two marks of docs/operating.md. Throws where a mark is missing. */
export function tableIn(text: string): string {
  const { from, to } = placeIn(text)
  return text.slice(from, to).trim()
}

function placeIn(text: string) {
  const from = text.indexOf(begin) + begin.length
  const to = text.indexOf(end)
  if (!text.includes(begin) || to < from) throw new Error(`${document} lacks one of the marks of the table`)
  return { from, to }
}

function rowOf(name: string): Row {
  const variable = envSchema.shape[name as keyof typeof envSchema.shape]
  const { description, readers, unset } = variable.meta() ?? {}
  const fallback = variable.safeParse(undefined)
  return {
    name,
    readers: String(readers ?? ''),
    meaning: description ?? '',
    unset: String(unset ?? (fallback.data === undefined ? '' : `\`${fallback.data}\``)),
  }
}

if (import.meta.main) {
  const text = readFileSync(document, 'utf8')
  const { from, to } = placeIn(text)
  writeFileSync(document, `${text.slice(0, from)}\n\n${variablesTable()}\n\n${text.slice(to)}`)
}
