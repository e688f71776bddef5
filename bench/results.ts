import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { checkoutFolder } from '#tools/checkout.ts'
import { packageFolder } from '#tools/embedded-postgres/binaries.ts'

/** Null: it could not be measured. A word says why. */
type Figure = number | string | null

/** What was measured of one thing; `load` is the machine's when its figures were complete. */
export type ResultRow = { bench: string; name: string; rounds: number; load: number } & Record<string, Figure>

type Machine = { cpu: string; cores: number; memoryGb: number; node: string; postgres: string }

/** A file of `bench/results`. `load` is the highest of its rows, `rounds` the fewest. */
export type ResultsFile = {
  machine: Machine & { load: number }
  rounds: number
  rows: ResultRow[]
  limits: Record<string, { measured: number | null; limit: number; held: boolean }>
}

type Limit = { measured: number } & ({ atMost: number } | { atLeast: number })

export type Results = {
  /** Figures that are no number, such as those of what could not be measured, are written as null. `failure`: the word of that. */
  add(name: string, figures: Record<string, Figure>): void
  /** What could not be measured (NaN) does not hold it. */
  limit(name: string, limit: Limit): void
  /** Prints how each limit was held and what could not be measured, and writes the file. */
  write(): Promise<void>
}

/**
 * What a benchmark leaves beside its tables: `bench/results/<file>-<day>.json`. What the same or another benchmark wrote there on
 * that day stays, but for rows and limits of the same names, and unless it was another machine.
 * `--no-results` on the command line: prints, and writes nothing.
 */
export function openResults({
  file,
  bench,
  rounds,
  onUnmeasured = () => {
    process.exitCode = 1
  },
  folder = process.argv.includes('--no-results') ? null : join(checkoutFolder, 'bench/results'),
  say = console.log,
}: {
  file: string
  bench: string
  rounds: number
  /** Where somebody could not do their part: the run goes on to its end, and ends with 1. */
  onUnmeasured?: () => void
  folder?: string | null
  say?: (line: string) => void
}): Results {
  const rows: ResultRow[] = []
  const limits: ResultsFile['limits'] = {}
  return {
    add(name, figures) {
      rows.push({ bench, name, rounds, load: rounded(loadavg()[0] ?? 0), ...roundedAll(figures) })
    },
    limit(name, { measured, ...limit }) {
      const [held, value, words] =
        'atMost' in limit
          ? [measured <= limit.atMost, limit.atMost, name]
          : [measured >= limit.atLeast, limit.atLeast, `${name}, at least`]
      limits[`${bench}: ${words}`] = { measured: numberOrNull(measured), limit: value, held }
    },
    async write() {
      for (const line of tableOf(limits)) say(line)
      const unmeasured = rows.filter(({ failure }) => failure)
      if (unmeasured.length > 0) {
        say(`\nNot measured:\n${unmeasured.map(({ name, failure }) => `- ${name}: ${failure}`).join('\n')}`)
        onUnmeasured()
      }
      if (folder === null) return
      const path = join(folder, `${file}-${new Date().toISOString().slice(0, 10)}.json`)
      const [before, machine] = [await readResults(path), await thisMachine()]
      await mkdir(folder, { recursive: true })
      await writeFile(
        `${path}.new`,
        `${JSON.stringify(merged(before, { machine, rows, limits }), null, 2)}\n`,
      )
      await rename(`${path}.new`, path)
      say(`\nWritten to ${path}`)
    },
  }
}

async function readResults(path: string): Promise<ResultsFile | undefined> {
  const text = await readFile(path, 'utf8').catch((error) => {
    if (error.code !== 'ENOENT') throw error
  })
  return text === undefined ? undefined : JSON.parse(text)
}

function merged(
  before: ResultsFile | undefined,
  { machine, rows, limits }: Pick<ResultsFile, 'rows' | 'limits'> & { machine: Machine },
): ResultsFile {
  const kept = before && isSame(before.machine, machine) ? before : undefined
  const isNew = ({ bench, name }: ResultRow) => rows.some((row) => row.bench === bench && row.name === name)
  const all = [...(kept?.rows ?? []).filter((row) => !isNew(row)), ...rows]
  return {
    machine: { ...machine, load: Math.max(...all.map(({ load }) => load)) },
    rounds: Math.min(...all.map(({ rounds }) => rounds)),
    rows: all,
    limits: { ...kept?.limits, ...limits },
  }
}

function isSame(one: Machine, other: Machine) {
  return (Object.keys(other) as (keyof Machine)[]).every((fact) => one[fact] === other[fact])
}

async function thisMachine(): Promise<Machine> {
  const all = cpus()
  const { version } = JSON.parse(await readFile(join(packageFolder(), 'package.json'), 'utf8'))
  return {
    cpu: all[0]?.model.trim() || 'unknown',
    cores: all.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    postgres: String(version).replace(/\.\d+-.*$/, ''),
  }
}

function tableOf(limits: ResultsFile['limits']): string[] {
  if (Object.keys(limits).length === 0) return []
  const lines = Object.entries(limits).map(([name, { measured, limit, held }]) => {
    const verdict = held ? 'held' : measured === null ? '**not measured**' : '**missed**'
    return `| ${name} | ${measured ?? '–'} | ${limit} | ${verdict} |`
  })
  return ['', '| limit | measured | to reach | |', '|---|---|---|---|', ...lines]
}

const numberOrNull = (value: number) => (Number.isFinite(value) ? rounded(value) : null)

function roundedAll(figures: Record<string, Figure>): Record<string, Figure> {
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [
      name,
      typeof value === 'number' ? numberOrNull(value) : value,
    ]),
  )
}

/** Four digits, but whole numbers as they are: a spread allows no more. */
const rounded = (value: number) =>
  Math.abs(value) >= 1_000 ? Math.round(value) : Number(value.toPrecision(4))
